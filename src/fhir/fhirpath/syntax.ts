/** Operators between two expressions (FHIRPath §6). */
export type Operator =
  | '='
  | '!='
  | '~'
  | '!~'
  | '<'
  | '>'
  | '<='
  | '>='
  | 'and'
  | 'or'
  | 'xor'
  | 'implies'
  | 'in'
  | 'contains'
  | '|'
  | '&'
  | '+'
  | '-'
  | '*'
  | '/'
  | 'div'
  | 'mod';

/** An expression as it was read. */
export type Syntax =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | undefined }
  | { readonly kind: 'moment'; readonly text: string }
  | { readonly kind: 'this' }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'member'; readonly of: Syntax | undefined; readonly name: string }
  | {
      readonly kind: 'call';
      readonly of: Syntax | undefined;
      readonly name: string;
      readonly args: readonly Syntax[];
    }
  | { readonly kind: 'index'; readonly of: Syntax; readonly at: Syntax }
  | { readonly kind: 'negative'; readonly of: Syntax }
  | {
      readonly kind: 'type';
      readonly operator: 'is' | 'as';
      readonly of: Syntax;
      readonly type: string;
    }
  | {
      readonly kind: 'binary';
      readonly operator: Operator;
      readonly left: Syntax;
      readonly right: Syntax;
    };
