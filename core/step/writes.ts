/** What a `Write` means, whatever holds the items. Pure; the writes have passed `checkAppend`. */
import type { Attribute, Write } from '../ports.ts';

export type Item = Readonly<Record<string, Attribute>>;

/** Whether the item as it stands lets `write` through. A number can't be added to what isn't one. */
export function admits(write: Write, item: Item | undefined): boolean {
	const addable = Object.keys(write.add ?? {}).every((name) => ['number', 'undefined'].includes(typeof own(item, name)));
	if (write.onlyIf === 'absent') return item === undefined;
	return addable && Object.entries(write.onlyIf ?? {}).every(([name, value]) => own(item, name) === value);
}

/** The item after `write`, which `admits` let through; the same item when the write only demands. */
export function changed(write: Write, item: Item | undefined): Item | undefined {
	if (write.put) return { ...write.put };
	const { add = {}, set = {} } = write;
	if (Object.keys(add).length + Object.keys(set).length === 0) return item;
	const sums = Object.entries(add).map(([name, amount]) => [name, Number(own(item, name) ?? 0) + amount]);
	return { ...item, ...set, ...Object.fromEntries(sums) };
}

const own = (item: Item | undefined, name: string): Attribute | undefined => (item && Object.hasOwn(item, name) ? item[name] : undefined);
