import type { JsonObject } from '../../interactions/formats/json.js';

/** The resources that a walk is in. */
export class ResourceStack {
  private readonly open: JsonObject[] = [];
  /** Without contained ones. */
  private readonly roots: JsonObject[] = [];

  /** @param object that begins; `undefined` when one ends */
  resource(object: JsonObject | undefined, isContained: boolean): void {
    if (object) this.open.push(object);
    else this.open.pop();
    if (isContained) return;
    if (object) this.roots.push(object);
    else this.roots.pop();
  }

  /** The innermost resource. */
  get current(): JsonObject {
    return this.open.at(-1) ?? {};
  }

  /** The resource that contains the innermost one, or that one itself. */
  get root(): JsonObject {
    return this.roots.at(-1) ?? {};
  }
}
