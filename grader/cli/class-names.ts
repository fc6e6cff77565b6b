/** What `grade class` can be asked for; apart from what it does, so that a shell can offer the names without loading it. */
export const classNames = ['roster', 'check', 'open', 'collect', 'gradebook', 'explain', 'page', 'regrade'] as const;
export type ClassName = (typeof classNames)[number];
