// Lists from which something is done at once. With a closed one an arrow would do the first thing that comes by: it opens
// the list instead, as a mouse does.

/** @param {KeyboardEvent & {currentTarget: HTMLSelectElement}} event */
export function openByArrow(event) {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  event.currentTarget.showPicker?.();
}
