/** What lessons are written with. */
export { default as Clone } from './Clone.astro';
export { default as Diagram } from './Diagram.astro';
export { default as Key } from './Key.astro';
export { default as Quiz } from './Quiz.astro';
export { default as Since } from './Since.astro';
export { default as Term } from './Term.astro';
export { default as Terminal } from './Terminal.astro';
