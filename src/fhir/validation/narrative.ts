import type { Json } from '../../interactions/formats/json.js';

const NAMESPACE = 'http://www.w3.org/1999/xhtml';

/** HTML 4.0 chapters 7 to 11 without 9.4, and 15 (FHIR R4, Narrative, txt-1). */
const ELEMENTS: ReadonlySet<string> = new Set(
  (
    'a abbr acronym address area b bdo big blockquote br caption cite code col colgroup dd dfn div dl dt em ' +
    'font h1 h2 h3 h4 h5 h6 hr i img kbd li map ol p pre q s samp small span strike strong sub sup table ' +
    'tbody td tfoot th thead tr tt u ul var'
  ).split(' '),
);

const ATTRIBUTES: ReadonlySet<string> = new Set(
  (
    'abbr accesskey align alt axis bgcolor border cellpadding cellspacing char charoff cite class clear color ' +
    'colspan compact coords dir face frame headers height href hspace id ismap lang longdesc name noshade ' +
    'nowrap rel rowspan rules scope shape size span src start style summary tabindex title type usemap valign ' +
    'value vspace width xml:lang xml:space xmlns'
  ).split(' '),
);

const LINKS: ReadonlySet<string> = new Set(['cite', 'href', 'longdesc', 'src']);

const NAME = '[A-Za-z][A-Za-z0-9:.-]*';
const ATTRIBUTE = `${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*')`;
const TAG = new RegExp(
  `^(?:</(?<end>${NAME})\\s*>|<(?<start>${NAME})(?<attributes>(?:\\s+${ATTRIBUTE})*)\\s*(?<empty>/?)>)`,
);
/** Characters; a regular expression must not be given text without a bound. */
const MAX_TAG = 1024 * 1024;
const MAX_TAGS = 200_000;
const EACH_ATTRIBUTE = new RegExp(`(${NAME})\\s*=\\s*(?:"([^"<]*)"|'([^'<]*)')`, 'g');
const STRAY_AMPERSAND = /&(?!#[0-9]{1,7};|#x[0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)/;
const SAFE_SCHEMES: ReadonlySet<string> = new Set(['http', 'https', 'mailto', 'tel', 'urn', 'cid']);
/** The narratives of HL7's own definitions have the space. */
const IMAGE_DATA = /^data: ?image\/(?:png|jpeg|gif);base64,/;

/**
 * What is wrong with a narrative: it must be one XHTML `div` of the elements and attributes that FHIR
 * allows, which neither run scripts nor load anything but images, and it must show something (FHIR R4,
 * Narrative, txt-1 and txt-2). One pass, stopping at the first problem.
 *
 * @returns what to do about it, or `undefined`.
 */
export function narrativeProblem(value: Json): string | undefined {
  if (typeof value !== 'string') return 'must be XHTML, a JSON string';
  return new Narrative(value.trim()).problem();
}

class Narrative {
  private readonly open: string[] = [];
  private hasContent = false;
  private hasRoot = false;
  private tags = 0;

  constructor(private readonly source: string) {}

  problem(): string | undefined {
    let at = 0;
    while (at < this.source.length) {
      const end = this.part(at);
      if (typeof end === 'string') return end;
      if (end < 0) return malformed(at);
      at = end;
    }
    const [unclosed] = this.open;
    if (unclosed !== undefined) return `is no well-formed XHTML: ${unclosed} is not closed`;
    return this.hasContent ? undefined : 'must show some text or an image (txt-2)';
  }

  /** @returns where the text, comment or tag ends that begins here; what is wrong with it; or -1. */
  private part(at: number): number | string {
    if (this.source.startsWith('<!--', at)) {
      return this.comment(at);
    }
    if (this.source[at] === '<') return this.tag(at);
    const next = this.source.indexOf('<', at);
    const end = next < 0 ? this.source.length : next;
    return this.text(this.source.slice(at, end)) ?? end;
  }

  /** XML's comments only: readers of HTML end one sooner, at `>`, `->` or `--!>`, and run what follows. */
  private comment(at: number): number {
    const end = this.source.indexOf('-->', at + 4);
    if (end < 0) return -1;
    const content = this.source.slice(at + 4, end);
    const isAmbiguous = /^-?>/.test(content) || content.includes('--') || content.endsWith('-');
    return isAmbiguous ? -1 : end + 3;
  }

  private tag(at: number): number | string {
    this.tags += 1;
    if (this.tags > MAX_TAGS) return `must not have more than ${MAX_TAGS} tags`;
    const found = TAG.exec(this.source.slice(at, at + MAX_TAG));
    if (!found) return -1;
    const { start, end, attributes = '', empty } = found.groups ?? {};
    const problem =
      start === undefined ? this.end(end ?? '') : this.start(start, attributes, empty === '/');
    return problem ?? at + found[0].length;
  }

  private start(name: string, attributes: string, isEmpty: boolean): string | undefined {
    if (this.open.length === 0) {
      if (this.hasRoot || name !== 'div') return 'must be a single div element';
      this.hasRoot = true;
    }
    if (!ELEMENTS.has(name)) return `must not hold the element ${name.slice(0, 64)} (txt-1)`;
    if (name === 'img') this.hasContent = true;
    if (!isEmpty) this.open.push(name);
    return attributeProblem(name, attributes, this.open.length === 1 && !isEmpty);
  }

  private end(name: string): string | undefined {
    return this.open.pop() === name
      ? undefined
      : `is no well-formed XHTML: </${name}> closes nothing`;
  }

  private text(text: string): string | undefined {
    if (this.open.length === 0) return 'must be a div element, with nothing around it';
    if (STRAY_AMPERSAND.test(text)) return 'has a stray &; write &amp;';
    if (text.trim() !== '') this.hasContent = true;
    return undefined;
  }
}

function malformed(at: number): string {
  return `is no well-formed XHTML from character ${at + 1} on`;
}

function attributeProblem(element: string, text: string, isRoot: boolean): string | undefined {
  const attributes = [...text.matchAll(EACH_ATTRIBUTE)].map(
    ([, name = '', quoted, single]) => [name, quoted ?? single ?? ''] as const,
  );
  const forbidden = attributes.find(([name]) => !ATTRIBUTES.has(name));
  if (forbidden) return `must not hold the attribute ${forbidden[0].slice(0, 64)} (txt-1)`;
  const unsafe = attributes.find(([name, value]) => LINKS.has(name) && !isSafeLink(element, value));
  if (unsafe) return `must not hold this ${unsafe[0]}; link to web, mail or telephone only (txt-1)`;
  const [, namespace] = attributes.find(([name]) => name === 'xmlns') ?? [];
  const isNamespaced = namespace === NAMESPACE || (namespace === undefined && !isRoot);
  return isNamespaced ? undefined : `must have the namespace xmlns="${NAMESPACE}"`;
}

/** Whatever may be read as a scheme must be a harmless one; an escape there could hide another. */
function isSafeLink(element: string, value: string): boolean {
  if (value.startsWith('#') || (element === 'img' && IMAGE_DATA.test(value))) return true;
  const head = /^[^/?]*/.exec(value)?.[0] ?? '';
  if (head.includes('&')) return false;
  const colon = head.indexOf(':');
  return colon < 0 || SAFE_SCHEMES.has(head.slice(0, colon).toLowerCase());
}
