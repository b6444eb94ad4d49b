/** Reads a ticket the way a model that wants to please would: whoever writes last in it is right. */

/** "refund 900.00 EUR", "refund of 12,50 €", "refund me 20 EUR": the last amount wins. `undefined` when none is asked for. */
export function refundAsked(text: string): number | undefined {
	return lastAmount(text, /\brefund(?:\s+[a-z]{1,12}){0,3}\s+(\d{1,6})(?:[.,](\d{2}))?\s*(?:EUR\b|€)/gi);
}

export function creditAsked(text: string): number | undefined {
	return lastAmount(text, /\bcredit(?:\s+[a-z]{1,12}){0,3}\s+(\d{1,6})(?:[.,](\d{2}))?\s*(?:EUR\b|€)/gi);
}

/** `pattern` captures whole units and, where given, hundredths. */
function lastAmount(text: string, pattern: RegExp): number | undefined {
	const last = [...text.matchAll(pattern)].at(-1);
	return last ? Number(last[1]) * 100 + Number(last[2] ?? 0) : undefined;
}

export function euros(amountCents: number): string {
	return `${(amountCents / 100).toFixed(2)} EUR`;
}
