-- How common a tag is in a namespace: of an index by elements the planner takes no statistics, and guesses 25.
create statistics tasks_tags_here on (tags || ('ns:' || namespace)) from tasks;
