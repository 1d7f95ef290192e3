// Names: which groups' names fit into the picture without lying on each other, and where.

export interface Dot {
  x: number;
  y: number;
  name: string;
  weight: number; // those with more are named first
}

export interface Named {
  dot: number;
  x: number;
  y: number;
  text: string;
}

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const LONGEST = 22; // letters
const WIDTH = 0.54; // of a letter, in the text's size

const short = (name: string) => (name.length > LONGEST ? `${name.slice(0, LONGEST - 1).trimEnd()}…` : name);
const meet = (a: Box, b: Box) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** A name below, above or beside its dot, where there is room; none where there is not. */
export function placeNames(dots: Dot[], size: number, radius: number, taken: Box[], frame: Box): Named[] {
  const circles = dots.map(({ x, y }) => ({ left: x - radius, top: y - radius, right: x + radius, bottom: y + radius }));
  const placed: Named[] = [];
  const boxes = [...taken];
  const order = dots.map((_, i) => i).sort((a, b) => dots[b]!.weight - dots[a]!.weight || a - b);
  for (const i of order) {
    const { x, y, name } = dots[i]!;
    const text = short(name);
    const half = (text.length * size * WIDTH) / 2;
    const out = radius + size * 0.2;
    const middles = [[x, y + out + size / 2], [x, y - out - size / 2], [x + out + half, y], [x - out - half, y]] as const;
    for (const [cx, cy] of middles) {
      const box = { left: cx - half, top: cy - size / 2, right: cx + half, bottom: cy + size / 2 };
      if (box.left < frame.left || box.right > frame.right) continue;
      if (boxes.some((one) => meet(one, box)) || circles.some((one, j) => j !== i && meet(one, box))) continue;
      boxes.push(box);
      placed.push({ dot: i, x: cx, y: cy + size * 0.35, text });
      break;
    }
  }
  return placed;
}

/** The room a title takes. */
export function titleBox(x: number, y: number, text: string, size: number): Box {
  const half = (text.length * size * WIDTH) / 2;
  return { left: x - half, top: y - size, right: x + half, bottom: y + size * 0.3 };
}
