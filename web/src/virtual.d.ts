// What the build makes up: see vite.config.ts.

declare module "virtual:languages" {
  const names: Record<string, string>;
  export default names;
}
