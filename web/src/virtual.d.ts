// What the build makes up: see vite.config.ts.

declare module "virtual:languages" {
  const names: Record<string, string>;
  export default names;
}

declare module "virtual:background" {
  /** Where the background's tiles lie; empty while developing. */
  export const TILES: string;
  /** The zoom of the finest. */
  export const DEEPEST: number;
}
