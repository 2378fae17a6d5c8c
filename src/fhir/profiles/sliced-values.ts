import type { Occurrence } from './occurrences.js';
import type { Discriminator, ProfileNode } from './profile-node.js';
import { sliceMatcher, type SliceMatcher, type SliceScope } from './slice-matcher.js';

/** The values of one element by the slices that they belong to. */
export class SlicedValues {
  private constructor(
    readonly slices: readonly {
      readonly slice: ProfileNode;
      readonly members: readonly Occurrence[];
    }[],
    /** Values that may not be where they are, or not at all. */
    readonly problems: readonly {
      readonly occurrence: Occurrence;
      readonly diagnostics: string;
    }[],
  ) {}

  /** @returns in words, what of the slicing is not supported here */
  static of(
    element: ProfileNode,
    found: readonly Occurrence[],
    scope: SliceScope,
  ): SlicedValues | string {
    const matchers = matchersOf(element, scope);
    if (typeof matchers === 'string') return matchers;
    const slots = found.map((occurrence) => ({
      occurrence,
      at: matchers.findIndex((matches) => matches(occurrence.node, scope)),
    }));
    const slices = element.slices.map((slice, index) => ({
      slice,
      members: slots.flatMap(({ occurrence, at }) => (at === index ? [occurrence] : [])),
    }));
    return new SlicedValues(slices, problemsOf(element, slots));
  }
}

interface Slot {
  readonly occurrence: Occurrence;
  /** Position of the slice; -1 for none. */
  readonly at: number;
}

function matchersOf(element: ProfileNode, scope: SliceScope): readonly SliceMatcher[] | string {
  const { slicing, slices } = element;
  const matchers: SliceMatcher[] = [];
  for (const slice of slices) {
    const matcher = matcherOf(slice, slicing?.discriminators ?? [], scope);
    if (typeof matcher === 'string') return matcher;
    matchers.push(matcher);
  }
  return matchers;
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

function problemsOf(
  { slicing }: ProfileNode,
  slots: readonly Slot[],
): readonly { readonly occurrence: Occurrence; readonly diagnostics: string }[] {
  if (slicing?.isClosed) {
    const diagnostics = 'belongs to none of the slices that are allowed';
    return slots.filter(({ at }) => at < 0).map(({ occurrence }) => ({ occurrence, diagnostics }));
  }
  if (!slicing?.isOrdered && !slicing?.isOpenAtEnd) return [];
  const isBehind = (earlier: number, at: number) =>
    at >= 0 && (earlier < 0 ? slicing.isOpenAtEnd : slicing.isOrdered && earlier > at);
  return slots
    .filter(({ at }, index) => slots.slice(0, index).some((earlier) => isBehind(earlier.at, at)))
    .map(({ occurrence }) => ({ occurrence, diagnostics: 'stands behind values of later slices' }));
}
