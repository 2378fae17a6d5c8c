/** Who may import whom below src/; see docs/adr/0001-layers.md. Every folder has a row. */
const LAYERS = {
  policy: [],
  config: [],
  errors: [],
  database: ['config'],
  metrics: [],
  interactions: ['errors', 'database', 'metrics'],
  resources: ['interactions', 'policy', 'errors', 'database', 'metrics'],
  'command-line': [],
  'policy-testing': ['command-line', 'interactions', 'resources', 'policy', 'errors'],
  loading: ['command-line', 'interactions'],
  introspection: ['errors', 'resources', 'metrics'],
  identity: ['introspection', 'errors', 'resources', 'metrics'],
  access: [
    'identity',
    'introspection',
    'resources',
    'interactions',
    'policy',
    'errors',
    'database',
    'config',
    'metrics',
  ],
  fhir: ['interactions', 'errors', 'database', 'metrics'],
  gateway: [
    'access',
    'fhir',
    'identity',
    'introspection',
    'resources',
    'interactions',
    'policy',
    'errors',
    'database',
    'metrics',
  ],
  health: ['interactions', 'errors', 'database', 'metrics'],
  logging: [],
};

/** Folders that may use another folder's types, but nothing that runs. */
const TYPES_ONLY = { introspection: ['policy'], identity: ['policy'] };

/** Single files that a folder may import from a folder that is closed to it otherwise. */
const SINGLE_FILES = {
  fhir: ['^src/access/public\\.decorator\\.ts$'],
  health: ['^src/access/(public|for-operators)\\.decorator\\.ts$'],
  database: ['^migrations/'],
  gateway: ['^src/health/readiness-check\\.ts$'],
};

const SPECS = '\\.spec\\.ts$';
const PACKAGE = (name) => `(^|node_modules/)${name}(/|$)`;

function layerRule([folder, allowed]) {
  const open = [folder, ...allowed].map((name) => `^src/${name}/`);
  const types = (TYPES_ONLY[folder] ?? []).map((name) => `^src/${name}/`);
  return {
    name: `layer-${folder}`,
    comment: `${folder} may import: ${[folder, ...allowed].join(', ')}`,
    severity: 'error',
    from: { path: `^src/${folder}/`, pathNot: SPECS },
    to: {
      path: '^(src|test|migrations|scripts)/',
      pathNot: [...open, ...types, ...(SINGLE_FILES[folder] ?? [])],
    },
  };
}

function typesOnlyRule([folder, targets]) {
  return {
    name: `types-only-${folder}`,
    comment: `${folder} may import only types from: ${targets.join(', ')}`,
    severity: 'error',
    from: { path: `^src/${folder}/`, pathNot: SPECS },
    to: {
      path: targets.map((name) => `^src/${name}/`),
      dependencyTypesNot: ['type-only'],
    },
  };
}

/** A package or built-in that only the named places may use. */
function onlyIn(name, packagePath, places, comment) {
  return {
    name,
    comment,
    severity: 'error',
    from: { path: '^src/', pathNot: [SPECS, ...places] },
    to: { path: packagePath },
  };
}

/** Files directly below src/ compose the application and know every folder. */
const ROOT = '^src/[^/]+\\.ts$';

module.exports = {
  forbidden: [
    ...Object.entries(LAYERS).map(layerRule),
    ...Object.entries(TYPES_ONLY).map(typesOnlyRule),
    {
      name: 'layer-unknown',
      comment: 'A folder that the table of layers lacks gets a row in the commit that makes it.',
      severity: 'error',
      from: {},
      to: { path: `^src/(?!(${Object.keys(LAYERS).join('|')})/)[^/]+/` },
    },
    {
      name: 'layer-unknown-importer',
      comment: 'A folder that the table of layers lacks gets a row in the commit that makes it.',
      severity: 'error',
      from: { path: `^src/(?!(${Object.keys(LAYERS).join('|')})/)[^/]+/` },
      to: {},
    },
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or share a third.',
      severity: 'error',
      from: { pathNot: SPECS },
      to: { circular: true },
    },
    {
      name: 'policy-is-pure',
      comment: 'The decision point uses no framework, no I/O and nothing of Node.',
      severity: 'error',
      from: { path: '^src/policy/', pathNot: SPECS },
      to: {
        pathNot: ['^src/policy/', PACKAGE('ajv'), PACKAGE('ajv-formats'), PACKAGE('re2js')],
      },
    },
    onlyIn(
      'ajv-only-in-json-schema',
      [PACKAGE('ajv'), PACKAGE('ajv-formats')],
      ['^src/policy/json-schema/'],
      'JSON Schema is one engine of the decision point.',
    ),
    onlyIn(
      're2js-only-in-matcho',
      PACKAGE('re2js'),
      ['^src/policy/matcho/', '^src/fhir/fhirpath/text-functions\\.ts$'],
      'Regular expressions of policies and of constraints are compiled where they are bounded.',
    ),
    onlyIn(
      'fastify-at-the-edge',
      [PACKAGE('fastify'), PACKAGE('@fastify'), PACKAGE('@nestjs/platform-fastify')],
      [ROOT, '^src/access/', '\\.controller\\.ts$', '^src/errors/[^/]+\\.filter\\.ts$'],
      'The HTTP server is known to the guard, the controllers and the filter.',
    ),
    {
      name: 'nest-stays-out',
      comment:
        'In errors only the filter, the pipe and the translation know Nest; config does not.',
      severity: 'error',
      from: {
        path: '^src/(config|errors)/',
        pathNot: [SPECS, '^src/errors/([^/]+\\.(filter|pipe)|to-fhir-error)\\.ts$'],
      },
      to: { path: PACKAGE('@nestjs') },
    },
    {
      name: 'environment-only-in-config',
      comment: 'Only config reads the environment.',
      severity: 'error',
      from: { path: '^src/', pathNot: [SPECS, '^src/config/'] },
      to: { path: '^(node:)?process$' },
    },
    {
      name: 'migrations-stand-alone',
      comment: 'A migration must mean the same after the code it was written beside has changed.',
      severity: 'error',
      from: { path: '^migrations/' },
      to: { path: '^src/' },
    },
    {
      name: 'no-tests-in-production',
      comment: 'Production code imports no specs and no support for tests.',
      severity: 'error',
      from: { path: '^(src|migrations)/', pathNot: SPECS },
      to: { path: [SPECS, '^test/'] },
    },
    {
      name: 'no-development-packages',
      comment: 'What runs in production is a dependency of production.',
      severity: 'error',
      from: { path: '^(src|migrations)/', pathNot: SPECS },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'no-unresolvable',
      comment: 'Every import leads somewhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
