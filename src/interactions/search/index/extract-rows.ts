import { isJsonObject, type Json, type JsonObject } from '../../formats/json.js';
import { facetSlot, type SearchElement } from '../definitions/search-element.js';
import { dateSpan } from './date-span.js';
import { elementValues, own, type ElementValue } from './element-values.js';
import { ANY_REFERENCE, type IndexRows } from './index-rows.js';
import { literalReferences } from './literal-references.js';
import { normalizedText } from './normalized-text.js';
import { amountIn } from './quantity-values.js';
import { targetsIn } from './reference-values.js';
import { spellings } from './spellings.js';
import { deceased, textsOfToken, tokensIn, typedTokens, type Token } from './token-values.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer Row)[] ? Row[] : never };

/** Says that there is an element, though it has no code, for `:missing`. */
const NO_CODE: Token = { system: null, code: null };

/** Collects by what a resource is found. */
export class RowExtraction {
  readonly rows: Mutable<IndexRows> = {
    search_date: [],
    search_quantity: [],
    search_reference: [],
    search_string: [],
    search_token: [],
    search_uri: [],
  };

  /** @param baseUrl base of FHIR here, such as `https://example.org/fhir` */
  constructor(private readonly baseUrl: string) {}

  /** Adds what the resource has of the element. */
  add(resource: JsonObject, element: SearchElement): void {
    if (element.type === 'Deceased') {
      this.addTokens(element.slot, 0, [{ system: null, code: deceased(resource) }]);
      return;
    }
    for (const value of elementValues(resource, element.steps)) this.addValue(element, value);
  }

  /** Adds where all literal references lead, whatever elements they are in. */
  addReferences(resource: JsonObject): void {
    for (const { type, id } of literalReferences(resource, this.baseUrl)) {
      const target = { targetType: type, targetId: id, url: null };
      this.rows.search_reference.push({ slot: ANY_REFERENCE, item: 0, ...target });
    }
  }

  private addValue(element: SearchElement, { value, item }: ElementValue): void {
    const { table, type, slot } = element;
    switch (table) {
      case 'search_date': {
        const span = dateSpan(type, value);
        if (span) this.rows.search_date.push({ slot, item, ...span });
        return;
      }
      case 'search_quantity': {
        const amount = amountIn(value);
        if (amount) this.rows.search_quantity.push({ slot, item, ...amount });
        return;
      }
      case 'search_reference':
        this.addReference(element, value, item);
        return;
      case 'search_string':
        if (typeof value !== 'string') return;
        this.addText(slot, item, value);
        return;
      case 'search_token':
        this.addCoded(element, value, item);
        return;
      case 'search_uri':
        if (typeof value !== 'string') return;
        this.rows.search_uri.push(...spellings(value).map((text) => ({ slot, item, value: text })));
    }
  }

  private addCoded(element: SearchElement, value: Json, item: number): void {
    const tokens = tokensIn(element.type, value);
    this.addTokens(element.slot, item, tokens.length === 0 ? [NO_CODE] : tokens);
    const slot = facetSlot(element, 'text');
    for (const text of textsOfToken(element.type, value)) this.addText(slot, item, text);
    if (element.type === 'Identifier' && isJsonObject(value)) {
      this.addTokens(facetSlot(element, 'of-type'), item, typedTokens(value));
    }
  }

  private addReference(element: SearchElement, value: Json, item: number): void {
    for (const target of targetsIn(element.type, value, this.baseUrl)) {
      this.rows.search_reference.push({ slot: element.slot, item, ...target });
    }
    if (!isJsonObject(value)) return;
    const identifier = tokensIn('Identifier', own(value, 'identifier') ?? null);
    this.addTokens(facetSlot(element, 'identifier'), item, identifier);
  }

  private addText(slot: number, item: number, exact: string): void {
    this.rows.search_string.push({ slot, item, value: normalizedText(exact), exact });
  }

  private addTokens(slot: number, item: number, tokens: readonly Token[]): void {
    for (const { system, code } of tokens) {
      this.rows.search_token.push({ slot, item, system, code });
    }
  }
}
