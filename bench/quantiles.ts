/** Medians and their kin. */
export const quantile = (values: readonly number[], at: number): number => {
	const sorted = values.toSorted((left, right) => left - right);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? Number.NaN;
};
export const median = (values: readonly number[]): number => quantile(values, 0.5);
