import type { WorkSlices } from '../validation/work-slices.js';
import type { Occurrence } from './occurrences.js';
import type { Discriminator, ProfileNode, Slicing } from './profile-node.js';
import { sliceMatcher, type SliceMatcher, type SliceScope } from './slice-matcher.js';

/** The values of one element by the slices that they belong to. */
export interface SlicedValues {
  readonly slices: readonly {
    readonly slice: ProfileNode;
    readonly members: readonly Occurrence[];
  }[];
  /** Values that may not be where they are, or not at all. */
  readonly problems: readonly {
    readonly occurrence: Occurrence;
    readonly diagnostics: string;
  }[];
}

/** Where slices are looked for, and when others have their turn. */
export interface SlicingWork {
  readonly scope: SliceScope;
  readonly turns: Pick<WorkSlices, 'isDue'>;
}

/**
 * Tells the values of an element apart, standing still wherever others may have their turn.
 *
 * @returns in words, what of the slicing is not supported here
 */
export function* slicedValues(
  element: ProfileNode,
  found: readonly Occurrence[],
  work: SlicingWork,
): Generator<undefined, SlicedValues | string> {
  const matchers = yield* matchersOf(element, work);
  if (typeof matchers === 'string') return matchers;
  const slices = element.slices.map((slice) => ({ slice, members: [] as Occurrence[] }));
  const slots: Slot[] = [];
  for (const occurrence of found) {
    const at = yield* positionOf(occurrence, matchers, work);
    slots.push({ occurrence, at });
    slices[at]?.members.push(occurrence);
  }
  return { slices, problems: problemsOf(element, slots) };
}

interface Slot {
  readonly occurrence: Occurrence;
  /** Position of the slice; -1 for none. */
  readonly at: number;
}

function* matchersOf(
  { slicing, slices }: ProfileNode,
  { scope, turns }: SlicingWork,
): Generator<undefined, readonly SliceMatcher[] | string> {
  const matchers: SliceMatcher[] = [];
  for (const slice of slices) {
    if (turns.isDue()) yield;
    const matcher = matcherOf(slice, slicing?.discriminators ?? [], scope);
    if (typeof matcher === 'string') return matcher;
    matchers.push(matcher);
  }
  return matchers;
}

function* positionOf(
  { node }: Occurrence,
  matchers: readonly SliceMatcher[],
  { scope, turns }: SlicingWork,
): Generator<undefined, number> {
  for (const [position, matches] of matchers.entries()) {
    if (turns.isDue()) yield;
    if (matches(node, scope)) return position;
  }
  return -1;
}

/** A profile may restrict a slice further and leave unsaid what tells it apart. */
function matcherOf(
  slice: ProfileNode,
  discriminators: readonly Discriminator[],
  scope: SliceScope,
): SliceMatcher | string {
  const matcher = sliceMatcher(slice, discriminators, scope);
  const { restricts } = slice;
  return typeof matcher === 'string' && restricts
    ? matcherOf(restricts, discriminators, scope)
    : matcher;
}

function problemsOf({ slicing }: ProfileNode, slots: readonly Slot[]): SlicedValues['problems'] {
  if (slicing?.isClosed) {
    const diagnostics = 'belongs to none of the slices that are allowed';
    return slots.filter(({ at }) => at < 0).map(({ occurrence }) => ({ occurrence, diagnostics }));
  }
  if (!slicing?.isOrdered && !slicing?.isOpenAtEnd) return [];
  const diagnostics = 'stands behind values of later slices';
  return misplaced(slots, slicing).map(({ occurrence }) => ({ occurrence, diagnostics }));
}

/** Members of slices that stand behind those of later ones, or behind values of none. */
function misplaced(slots: readonly Slot[], { isOrdered, isOpenAtEnd }: Slicing): readonly Slot[] {
  const found: Slot[] = [];
  let latest = -1;
  let isEnd = false;
  for (const slot of slots) {
    const { at } = slot;
    if (at < 0) {
      isEnd = true;
      continue;
    }
    if ((isOpenAtEnd && isEnd) || (isOrdered && latest > at)) found.push(slot);
    latest = Math.max(latest, at);
  }
  return found;
}
