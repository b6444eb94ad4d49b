/** What has moved, and a bookmark, in memory: for tests, and the shortest statement of what the ports mean. */
import type { Bookmark, Moved, Page } from '../../core/audit/rounds.ts';

const pageOf = (all: Iterable<string>, { after = '', limit }: Page): string[] =>
	[...all]
		.filter((one) => one > after)
		.sort()
		.slice(0, limit);

export function memoryMoved(noted: Map<string, Set<string>> = new Map()): Moved {
	return {
		note: async (subject, hour) => void noted.set(hour, (noted.get(hour) ?? new Set()).add(subject)),
		hours: async (page) => pageOf(noted.keys(), page),
		during: async (hour, page) => pageOf(noted.get(hour) ?? [], page),
		isNoted: async (subject, hour) => noted.get(hour)?.has(subject) === true,
	};
}

export function memoryBookmark(positions: string[] = []): Bookmark {
	return {
		read: async () => positions.at(-1),
		put: async (position) => void positions.push(position),
	};
}
