import { isAlias, isMap, isScalar, isSeq, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import { BadRequest } from '../../errors/fhir-error.js';
import type { BodyLimits } from './body-limits.js';
import { YamlTooLarge } from './format-errors.js';

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const MAX_ALIASES = 100;

/** Writes the nodes of one YAML document as JSON text. Bounds what aliases make of a small document. */
export class YamlTranslator {
  private readonly anchors = new Map<string, unknown>();
  private aliases = 0;
  private nodes = 0;
  private characters = 0;

  constructor(private readonly limits: BodyLimits) {}

  /** @throws BadRequest (400) for values or keys that JSON lacks, and for too many aliases or levels. */
  translate(node: unknown, depth = 0): string {
    this.nodes += 1;
    // An anchor may hold an alias to itself.
    if (depth > this.limits.maxDepth || this.nodes > this.limits.maxNodes) {
      throw new BadRequest('The YAML is nested too deeply or has too many values', 'structure');
    }
    if (isAlias(node)) return this.translate(this.target(node.source), depth + 1);
    if (isMap(node)) return this.mapping(node, depth);
    if (isSeq(node)) return this.sequence(node, depth);
    return isScalar(node) ? this.scalar(node) : 'null';
  }

  private target(anchor: string): unknown {
    this.aliases += 1;
    if (this.aliases > MAX_ALIASES) {
      throw new BadRequest(`The YAML has more than ${MAX_ALIASES} aliases`, 'structure');
    }
    const target = this.anchors.get(anchor);
    if (target === undefined)
      throw new BadRequest('A YAML alias has no anchor before it', 'structure');
    return target;
  }

  private remember(node: { readonly anchor?: string | undefined }): void {
    if (node.anchor !== undefined) this.anchors.set(node.anchor, node);
  }

  private mapping(node: YAMLMap, depth: number): string {
    this.remember(node);
    const members = new Map<string, string>();
    for (const { key, value } of node.items) {
      members.set(this.key(key), this.translate(value, depth + 1));
    }
    return `{${[...members].map(([key, value]) => `${key}:${value}`).join(',')}}`;
  }

  private sequence(node: YAMLSeq, depth: number): string {
    this.remember(node);
    return `[${node.items.map((item) => this.translate(item, depth + 1)).join(',')}]`;
  }

  private key(node: unknown): string {
    if (!isScalar(node) || node.value === null) {
      throw new BadRequest('A key in the YAML is not text', 'structure');
    }
    this.remember(node);
    const name = typeof node.value === 'string' ? node.value : (node.source ?? '');
    return this.counted(JSON.stringify(name));
  }

  private scalar(node: Scalar): string {
    this.remember(node);
    const { value, source = '' } = node;
    if (typeof value === 'number') {
      if (!Number.isFinite(value)) {
        throw new BadRequest('JSON has no number for .inf, .nan or 1e999', 'structure');
      }
      return this.counted(JSON_NUMBER.test(source) ? source : String(value));
    }
    if (typeof value === 'string' || typeof value === 'boolean' || value === null) {
      return this.counted(JSON.stringify(value));
    }
    throw new BadRequest('The YAML has a value that JSON lacks', 'structure');
  }

  private counted(text: string): string {
    this.characters += text.length;
    if (this.characters > this.limits.maxBytes) throw new YamlTooLarge(this.limits.maxYamlBytes);
    return text;
  }
}
