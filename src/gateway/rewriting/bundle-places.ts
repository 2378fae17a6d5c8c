/** What becomes of a text at a place in a Bundle. */
export type LinkKind = 'page' | 'resource';

/** A part of an answer that an {@link AnswerCheck} is told of. */
export type AnswerPart =
  | 'answer'
  | 'answer.resourceType'
  | 'answer.id'
  | 'answer.meta'
  | 'answer.meta.versionId'
  | 'answer.type'
  | 'links'
  | 'link'
  | 'link.relation'
  | 'link.url'
  | 'entries'
  | 'entry'
  | 'entry.search'
  | 'entry.search.mode'
  | 'entry.resource'
  | 'entry.resource.resourceType'
  | 'entry.resource.id'
  | 'entry.resource.meta'
  | 'entry.resource.meta.versionId'
  | 'entry.response'
  | 'entry.outcome'
  | 'entry.outcome.resourceType'
  | 'responses'
  | 'response';

/** A place in JSON, as far as something below it is rewritten or checked. */
export interface Place {
  /** By the names of an object's members. */
  readonly members?: ReadonlyMap<string, Place>;
  /** Bits by the lengths of those names: most others need not be read. */
  readonly nameLengths?: number;
  /** Of an array, all alike. */
  readonly items?: Place;
  /** What a text here is. */
  readonly link?: LinkKind;
  /** What the check of the answer knows it as. */
  readonly part?: AnswerPart;
}

const RESOURCE_LINK: Place = { link: 'resource' };
const ENTRY_LINKS: Place = { items: object({ url: { link: 'page' } }) };
/** A Bundle that answers a batch or transaction has no further pages. */
const OWN_LINKS: Place = { items: object({ url: RESOURCE_LINK }) };

/** A resource, whose elements are data. */
export const RESOURCE: Place = object(
  { resourceType: { part: 'answer.resourceType' }, id: { part: 'answer.id' } },
  'answer',
);

const LINK = object(
  { relation: { part: 'link.relation' }, url: { link: 'page', part: 'link.url' } },
  'link',
);

const ENTRY = object(
  {
    link: ENTRY_LINKS,
    fullUrl: RESOURCE_LINK,
    search: object({ mode: { part: 'entry.search.mode' } }, 'entry.search'),
    resource: object(
      {
        resourceType: { part: 'entry.resource.resourceType' },
        id: { part: 'entry.resource.id' },
      },
      'entry.resource',
    ),
    response: object(
      {
        location: RESOURCE_LINK,
        outcome: object({ resourceType: { part: 'entry.outcome.resourceType' } }, 'entry.outcome'),
      },
      'entry.response',
    ),
  },
  'entry',
);

/** Where a Bundle has links, and what tells whether it answers its request. Nested Bundles are data. */
export const BUNDLE: Place = object(
  {
    resourceType: { part: 'answer.resourceType' },
    id: { part: 'answer.id' },
    type: { part: 'answer.type' },
    link: { items: LINK, part: 'links' },
    entry: { items: ENTRY, part: 'entries' },
  },
  'answer',
);

/** The same of the answer to a batch or transaction, whose resources may be Bundles that answer searches. */
export const RESPONSE_BUNDLE: Place = object({
  link: OWN_LINKS,
  entry: {
    items: object(
      {
        link: ENTRY_LINKS,
        fullUrl: RESOURCE_LINK,
        response: object({ location: RESOURCE_LINK }),
        resource: BUNDLE,
      },
      'response',
    ),
    part: 'responses',
  },
});

/** What tells which version of which resource it is; for a look at it that hands nothing on. */
export const VERSIONED_RESOURCE: Place = object(
  {
    resourceType: { part: 'answer.resourceType' },
    id: { part: 'answer.id' },
    meta: object({ versionId: { part: 'answer.meta.versionId' } }, 'answer.meta'),
  },
  'answer',
);

/** The same of the resources of a Bundle, with what tells by what was searched. */
export const VERSIONED_BUNDLE: Place = object(
  {
    resourceType: { part: 'answer.resourceType' },
    link: {
      items: object({ relation: { part: 'link.relation' }, url: { part: 'link.url' } }, 'link'),
      part: 'links',
    },
    entry: {
      items: object(
        {
          search: object({ mode: { part: 'entry.search.mode' } }, 'entry.search'),
          resource: object(
            {
              resourceType: { part: 'entry.resource.resourceType' },
              id: { part: 'entry.resource.id' },
              meta: object(
                { versionId: { part: 'entry.resource.meta.versionId' } },
                'entry.resource.meta',
              ),
            },
            'entry.resource',
          ),
        },
        'entry',
      ),
      part: 'entries',
    },
  },
  'answer',
);

function object(members: Readonly<Record<string, Place>>, part?: AnswerPart): Place {
  const nameLengths = Object.keys(members).reduce((bits, { length }) => bits | (1 << length), 0);
  return {
    members: new Map(Object.entries(members)),
    nameLengths,
    ...(part === undefined ? {} : { part }),
  };
}
