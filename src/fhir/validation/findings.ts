import type { Issue, IssueCode } from '../../errors/fhir-error.js';

const MAX_ISSUES = 20;

/** What is amiss in one resource, each issue with the FHIRPath of the element that is looked at. */
export class Findings {
  private readonly found: Issue[] = [];
  private readonly path: (string | number)[];
  private omitted = 0;
  private errors = 0;

  /** @param root type of the resource */
  constructor(root: string) {
    this.path = [root];
  }

  /** Goes on to a part of the element: a name, or a position in an array. */
  enter(step: string | number): void {
    this.path.push(step);
  }

  leave(): void {
    this.path.pop();
  }

  /**
   * @param diagnostics what is wrong with the element and what to do, after its path
   * @param step of the part that is meant, if it is not the element itself
   */
  report(code: IssueCode, diagnostics: string, step?: string): void {
    this.add('error', code, diagnostics, step);
  }

  /** As {@link report}, of what does not make the resource invalid. */
  warn(code: IssueCode, diagnostics: string, step?: string): void {
    this.add('warning', code, diagnostics, step);
  }

  get hasErrors(): boolean {
    return this.errors > 0;
  }

  /**
   * At most 20, then one that says how many more there are. Warnings make room for errors: whoever accepts
   * what has no error must see one wherever there is one.
   */
  get issues(): readonly Issue[] {
    if (this.omitted === 0) return this.found;
    const diagnostics = `There are ${this.omitted} more problems; mend these first`;
    return [...this.found, { severity: 'information', code: 'too-long', diagnostics }];
  }

  /** Findings of its own at the same place, for what may turn out not to matter. */
  trial(): Findings {
    const trial = new Findings('');
    trial.path.splice(0, 1, ...this.path);
    return trial;
  }

  /** FHIRPath of the element that is looked at. */
  get expression(): string {
    const [root = '', ...steps] = this.path;
    return `${root}${steps.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')}`;
  }

  private add(
    severity: 'error' | 'warning',
    code: IssueCode,
    diagnostics: string,
    step?: string,
  ): void {
    if (severity === 'error') this.errors += 1;
    if (!this.hasRoomFor(severity)) return;
    const expression = step === undefined ? this.expression : `${this.expression}.${step}`;
    this.found.push({ severity, code, diagnostics: `${expression} ${diagnostics}`, expression });
  }

  private hasRoomFor(severity: 'error' | 'warning'): boolean {
    if (this.found.length < MAX_ISSUES) return true;
    this.omitted += 1;
    if (severity === 'warning') return false;
    const last = this.found.findLastIndex((issue) => issue.severity === 'warning');
    return last >= 0 && this.found.splice(last, 1).length > 0;
  }
}
