/** What a checker finds. */

/** `forged`: something that is not what was recorded, or under no grant that was. */
export const offKinds = ['lost', 'doubled', 'guessed', 'stuck', 'forged', 'secret'] as const;
export type Off = { readonly is: (typeof offKinds)[number]; readonly what: string };

/** Whether a recorded input holds what a service has written down of it. */
export const includes = (input: unknown, part: Readonly<Record<string, string | number>>): boolean =>
	Object.entries(part).every(([name, value]) => (input as Record<string, unknown> | null)?.[name] === value);
