// House rules that no published ESLint rule covers.

/** A mark of work left to do names the issue that will settle it: `TODO(#12)`. */
const numberedTodo = {
  meta: { type: 'problem', schema: [], messages: { bare: 'Name the issue: TODO(#number).' } },
  create: (context) => ({
    Program() {
      for (const comment of context.sourceCode.getAllComments()) {
        if (/\b(TODO|FIXME|XXX|HACK)\b(?!\(#\d+\))/.test(comment.value)) {
          context.report({ loc: comment.loc, messageId: 'bare' });
        }
      }
    },
  }),
};

/** What a file exports says what it means to its caller. */
const documentedExport = {
  meta: { type: 'problem', schema: [], messages: { missing: 'Say what this means to a caller.' } },
  create: (context) => ({
    ExportNamedDeclaration(node) {
      if (!node.declaration || isLaterOverload(node)) return;
      const [decorator] = node.declaration.decorators ?? [];
      const first = decorator && decorator.range[0] < node.range[0] ? decorator : node;
      const comment = context.sourceCode.getCommentsBefore(first).at(-1);
      const isDocumented = comment?.type === 'Block' && comment.value.startsWith('*');
      if (!isDocumented) context.report({ node, messageId: 'missing' });
    },
  }),
};

/** The first signature of an overloaded function carries the text for all. */
function isLaterOverload(node) {
  const name = node.declaration.id?.name;
  if (name === undefined || !/Function/.test(node.declaration.type)) return false;
  const siblings = node.parent.body;
  const previous = siblings[siblings.indexOf(node) - 1];
  return (
    previous?.declaration?.type === 'TSDeclareFunction' && previous.declaration.id.name === name
  );
}

export const houseRules = {
  rules: { 'numbered-todo': numberedTodo, 'documented-export': documentedExport },
};
