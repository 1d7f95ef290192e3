// Icons: drawn here, in the colour of the text beside them.

const SHAPES = {
  log: "M12 5v14M5 12h14",
  ours: "M4 7h16M4 12h10M4 17h13",
  queue: "M4 13v5h16v-5M12 4v10M8 10l4 4 4-4",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  back: "M15 5l-7 7 7 7",
  search: "M16 16l4 4M11 17a6 6 0 100-12 6 6 0 000 12z",
  pin: "M12 21c4-5 6-8 6-11a6 6 0 10-12 0c0 3 2 6 6 11zM12 12a2 2 0 100-4 2 2 0 000 4z",
  star: "M12 4l2.400 5 5.600.7-4.100 3.800 1.100 5.500L12 16.300 7 19l1.100-5.500L4 9.700 9.600 9z",
  introduction: "M7 11a3 3 0 100-6 3 3 0 000 6zM17 11a3 3 0 100-6 3 3 0 000 6zM3 19c0-3 2-5 4-5 3 0 3 3 5 3s2-3 5-3c2 0 4 2 4 5",
  meeting: "M4 10h16M7 10v9M17 10v9M8 6a1 1 0 100-2 1 1 0 000 2zM16 6a1 1 0 100-2 1 1 0 000 2z",
  flow: "M4 8h13M14 4l4 4-4 4M20 16H7M10 12l-4 4 4 4",
  quiet: "M18 14a7 7 0 11-8-9 6 6 0 008 9z",
  done: "M5 12l5 5 9-10",
} as const;

export type IconName = keyof typeof SHAPES;

export function Icon({ name, isFilled = false }: { name: IconName; isFilled?: boolean }) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={SHAPES[name]} {...(isFilled ? { class: "filled" } : {})} />
    </svg>
  );
}
