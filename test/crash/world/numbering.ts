/** Numbers for what is the same to the last letter. What never changes once it is there is written out once. */
export type Numbering = ReturnType<typeof numbering>;
export function numbering() {
	const numbers = new Map<string, number>();
	const known = new WeakMap<object, number>();
	const numberOf = (text: string): number => {
		const before = numbers.get(text);
		if (before !== undefined) return before;
		numbers.set(text, numbers.size + 1);
		return numbers.size;
	};
	/** @param say what of the object counts: the same for all objects of its kind */
	const objectNumber = <T extends object>(object: T, say: (object: T) => unknown): number => {
		const before = known.get(object);
		if (before !== undefined) return before;
		const number = numberOf(JSON.stringify(say(object)));
		known.set(object, number);
		return number;
	};
	return { numberOf, objectNumber };
}

const numberings = new WeakMap<object, Numbering>();
/** The numbers of what comes up in one scenario; they go with it. */
export function numberingOf(scenario: object): Numbering {
	const known = numberings.get(scenario) ?? numbering();
	numberings.set(scenario, known);
	return known;
}
