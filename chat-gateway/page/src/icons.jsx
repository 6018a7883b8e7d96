// Icons of our own, on a grid of 20, one stroke width.
const PATHS = {
  today: "M4 6.5A2.5 2.5 0 0 1 6.5 4h7A2.5 2.5 0 0 1 16 6.5v7a2.5 2.5 0 0 1-2.5 2.5h-7A2.5 2.5 0 0 1 4 13.5zM4 8h12M7 2.5V5M13 2.5V5",
  upcoming: "M3.5 10a6.5 6.5 0 1 0 13 0 6.5 6.5 0 0 0-13 0zM10 6.5V10l2.5 2",
  overdue: "M10 3.5 17 16H3zM10 8.5v3.5M10 14v.01",
  all: "M7.5 5.5H17M7.5 10H17M7.5 14.5H17M3.5 5.5h.01M3.5 10h.01M3.5 14.5h.01",
  completed: "M3.5 10a6.5 6.5 0 1 0 13 0 6.5 6.5 0 0 0-13 0zM7 10.2l2.2 2.2L13.2 8",
  repeating: "M4 9V8a3 3 0 0 1 3-3h9m0 0-2.5-2.5M16 5l-2.5 2.5M16 11v1a3 3 0 0 1-3 3H4m0 0 2.5-2.5M4 15l2.5 2.5",
  audit: "M10 3 4.500 5.500v4c0 3.500 2.300 6 5.500 7.500 3.200-1.500 5.500-4 5.500-7.500v-4zM7.500 10l2 2 3.500-4",
  project: "M3 6a1.5 1.5 0 0 1 1.5-1.5h3L9 6.5h6.5A1.5 1.5 0 0 1 17 8v6a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 3 14z",
  tag: "M7.5 3.5 6 16.5M14 3.5l-1.5 13M4 7.5h13M3 12.5h13",
  search: "M3.5 9a5.5 5.5 0 1 0 11 0 5.5 5.5 0 0 0-11 0zM13 13l4 4",
  plus: "M10 4v12M4 10h12", close: "M5 5l10 10M15 5 5 15", menu: "M3 6h14M3 10h14M3 14h14",
  chat: "M3.5 5.5A1.5 1.5 0 0 1 5 4h10a1.5 1.5 0 0 1 1.5 1.5v7A1.5 1.5 0 0 1 15 14H9l-4 3v-3a1.5 1.5 0 0 1-1.5-1.5z",
  bell: "M5.5 8.5a4.5 4.5 0 0 1 9 0c0 4 1.5 5 1.5 5H4s1.5-1 1.5-5zM8.5 16.5h3", note: "M5 3.5h7l3 3v10H5zM8 9h4M8 12h4",
  parts: "M4 4v8a2 2 0 0 0 2 2h3M4 7h5M11 5.5h5v3h-5zM11 12.5h5v3h-5z", blocked: "M3.5 10a6.5 6.5 0 1 0 13 0 6.5 6.5 0 0 0-13 0zM5.5 5.5l9 9",
  check: "M5.5 10.5 8.7 13.7 14.5 7", person: "M6.5 7a3.5 3.5 0 1 0 7 0 3.5 3.5 0 0 0-7 0zM4 16.5c.5-3 3-4.5 6-4.5s5.500 1.500 6 4.500",
  trash: "M4 6h12M8 6V4h4v2M6 6l.6 10h6.800L14 6", copy: "M7.500 7.500h8v8h-8zM12.500 7.500v-3h-8v8h3", keyboard: "M2.500 5.500h15v9h-15zM5.500 8.500h.010M8.500 8.500h.010M11.500 8.500h.010M14.500 8.500h.010M6.500 11.500h7",
};
/** @param {{name: keyof typeof PATHS, size?: number}} props */
export const Icon = ({ name, size = 20 }) => (
  <svg class="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
    <path d={PATHS[name]} />
  </svg>
);
