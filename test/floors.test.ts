import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readSources } from './structure/read-sources.ts'
import { checkFloors, type FloorRules, type SourceFiles } from './support/check-floors.ts'
import { findImports } from './support/find-imports.ts'

/** Who may import whom. A folder below another comes first. */
const pure = (name: string, ...imports: readonly string[]) => ({
  folder: `electron/${name}`,
  imports: ['shared', ...imports.map(other => `electron/${other}`)],
  node: false,
})

/** What the engine's side alone needs, without knowing servers, files or processes. */
const below = [
  'shared',
  ...['lib', 'sql', 'naming', 'catalog', 'settings', 'protocol', 'config', 'compose'],
  ...['discovery', 'events', 'reports'],
].map(name => (name === 'shared' ? name : `electron/${name}`))

const rules: FloorRules = {
  floors: [
    { folder: 'shared', imports: [], node: false },
    { folder: 'electron/lib', imports: ['shared'], node: true },
    { folder: 'electron/output', imports: ['shared', 'electron/sql', 'electron/lib'], node: true },
    {
      folder: 'electron/programs',
      imports: ['shared', 'electron/lib', 'electron/output'],
      node: true,
    },
    pure('sql'),
    pure('naming'),
    pure('catalog', 'sql'),
    pure('settings', 'lib'),
    pure('protocol', 'lib', 'settings'),
    pure('config', 'settings', 'protocol'),
    pure('compose', 'lib'),
    pure('discovery', 'compose'),
    pure('events', 'lib'),
    pure('reports'),
    { folder: 'electron/engine', imports: below, node: false },
    { folder: 'electron/transactions', imports: [...below, 'electron/engine/ports'], node: true },
    {
      folder: 'electron/adapters/*',
      imports: [
        ...below,
        'electron/output',
        'electron/programs',
        'electron/engine/ports',
        'electron/transactions',
      ],
      node: true,
    },
    { folder: 'electron/app', imports: [...below, 'electron/engine'], node: false },
    {
      folder: 'electron/host',
      imports: [
        ...below,
        'electron/output',
        'electron/programs',
        'electron/engine',
        'electron/transactions',
        'electron/adapters',
        'electron/app',
        'package.json',
      ],
      node: true,
    },
    ...['cli', 'desktop', 'web'].map(reader => ({
      folder: `electron/${reader}`,
      imports: [
        ...below,
        'electron/output',
        'electron/programs',
        'electron/engine',
        'electron/adapters',
        'electron/app',
        'electron/host',
      ],
      node: true,
    })),
    { folder: 'renderer', imports: ['shared'], node: false },
  ],
  packages: {
    pg: ['electron/adapters/postgres'],
    dockerode: ['electron/adapters/docker'],
    'libpg-query': ['electron/adapters/libpg-query'],
    electron: ['electron/desktop'],
    zod: [
      'shared/api',
      ...['settings', 'protocol', 'config', 'compose', 'reports', 'adapters', 'host'].map(
        name => `electron/${name}`,
      ),
    ],
    yaml: ['electron/settings', 'electron/compose', 'electron/host'],
    commander: ['electron/cli'],
    picocolors: ['electron/cli'],
    vite: ['electron/cli/lockstep.mjs'],
    ws: ['electron/web'],
    ...Object.fromEntries(
      [
        'react',
        'react-dom',
        'zustand',
        '@tanstack/react-virtual',
        'lucide-react',
        'uplot',
        'diff',
        'tinykeys',
        'anser',
        '@fontsource-variable/inter',
      ].map(name => [name, ['renderer']]),
    ),
  },
  wrapped: {
    'node:child_process': {
      by: [
        'electron/programs',
        // A fork has a channel for messages, and no command of its own.
        'electron/host/processes/fork-process.ts',
      ],
      call: 'startProgram or runProgram',
    },
  },
  exitsFrom: ['electron/cli', 'electron/web/main.ts'],
  // It starts what the build made, or makes it first.
  launcher: 'electron/cli/lockstep.mjs',
  unreachable: [
    { from: 'electron/cli/main.ts', name: 'electron' },
    { from: 'electron/host/index.ts', name: 'electron' },
  ],
  longestFile: 300,
  fullestFolder: 25,
}

const root = fileURLToPath(new URL('..', import.meta.url))

describe('the floors of this repository', () => {
  const sources = readSources(root)

  it('are kept by every file', () => {
    expect(checkFloors(sources, rules)).toEqual([])
  })

  it('are looked at: each floor that exists has files with imports', () => {
    for (const folder of [
      'shared',
      'electron/engine',
      'electron/adapters',
      'electron/app',
      'electron/host',
      'electron/cli',
    ]) {
      const imports = Object.entries(sources)
        .filter(([file]) => file.startsWith(`${folder}/`))
        .flatMap(([, text]) => findImports(text))
      expect(imports.length, folder).toBeGreaterThan(0)
    }
  })
})

describe('a broken floor is named with file, line and rule', () => {
  it.each<[string, SourceFiles, string]>([
    [
      'shared imports Node',
      { 'shared/a.ts': `// first\nimport { readFileSync } from 'node:fs'` },
      'shared/a.ts:2: shared imports node:fs; it may not import modules of Node',
    ],
    [
      'shared imports the engine, for a type only',
      { 'shared/a.ts': `import type { B } from '../electron/engine/b.ts'` },
      'shared/a.ts:1: shared imports electron/engine/b.ts; it may import shared',
    ],
    [
      'the engine imports pg',
      { 'electron/engine/a.ts': `import pg from 'pg'` },
      'electron/engine/a.ts:1: the package pg is imported by electron/adapters/postgres only',
    ],
    [
      'the engine starts processes',
      { 'electron/engine/a.ts': `import type { ChildProcess } from 'node:child_process'` },
      'electron/engine/a.ts:1: electron/engine imports node:child_process; it may not import modules of Node',
    ],
    [
      'the engine imports an adapter, later',
      { 'electron/engine/a.ts': `const b = await import('../adapters/docker/b.ts')` },
      `electron/engine/a.ts:1: electron/engine imports electron/adapters/docker/b.ts; it may import electron/engine, ${below.join(', ')}`,
    ],
    [
      'an adapter imports another',
      { 'electron/adapters/docker/a.ts': `export { b } from '../postgres/b.ts'` },
      `electron/adapters/docker/a.ts:1: electron/adapters/docker imports electron/adapters/postgres/b.ts; it may import electron/adapters/docker, ${below.join(', ')}, electron/output, electron/programs, electron/engine/ports, electron/transactions`,
    ],
    [
      'an adapter imports a decision of the engine',
      { 'electron/adapters/docker/a.ts': `import '../../engine/make-plan.ts'` },
      `electron/adapters/docker/a.ts:1: electron/adapters/docker imports electron/engine/make-plan.ts; it may import electron/adapters/docker, ${below.join(', ')}, electron/output, electron/programs, electron/engine/ports, electron/transactions`,
    ],
    [
      'a second importer of libpg-query',
      { 'electron/adapters/sql-files/a.ts': `export * as grammar from 'libpg-query/wasm/index.js'` },
      'electron/adapters/sql-files/a.ts:1: the package libpg-query is imported by electron/adapters/libpg-query only',
    ],
    [
      'the command line imports electron',
      { 'electron/cli/a.ts': `import { app } from 'electron'` },
      'electron/cli/a.ts:1: the package electron is imported by electron/desktop only',
    ],
    [
      'a use case imports what wires it',
      { 'electron/app/a.ts': `import '../host/b.ts'` },
      `electron/app/a.ts:1: electron/app imports electron/host/b.ts; it may import electron/app, ${below.join(', ')}, electron/engine`,
    ],
    [
      'a use case imports an adapter',
      { 'electron/app/a.ts': `import '../adapters/postgres/b.ts'` },
      `electron/app/a.ts:1: electron/app imports electron/adapters/postgres/b.ts; it may import electron/app, ${below.join(', ')}, electron/engine`,
    ],
    [
      'one reader imports another',
      { 'electron/web/a.ts': `import '../cli/b.ts'` },
      `electron/web/a.ts:1: electron/web imports electron/cli/b.ts; it may import electron/web, ${below.join(', ')}, electron/output, electron/programs, electron/engine, electron/adapters, electron/app, electron/host`,
    ],
    [
      'the renderer imports the engine',
      { 'renderer/a.tsx': `import type { B } from '../electron/engine/b.ts'` },
      'renderer/a.tsx:1: renderer imports electron/engine/b.ts; it may import renderer, shared',
    ],
    [
      'product code imports a test',
      { 'electron/host/a.ts': `import '../../test/support/b.ts'` },
      `electron/host/a.ts:1: electron/host imports test/support/b.ts; it may import electron/host, ${below.join(', ')}, electron/output, electron/programs, electron/engine, electron/transactions, electron/adapters, electron/app, package.json`,
    ],
    [
      'a package that nobody decided on',
      { 'electron/host/a.ts': `import x from '@some/thing/inside'` },
      `electron/host/a.ts:1: the package @some/thing is on no floor's list`,
    ],
    [
      'a file without a floor',
      { 'electron/loose.ts': `import './a.ts'` },
      'electron/loose.ts:1: electron/loose.ts stands on no floor',
    ],
    [
      'an import that is worked out',
      { 'electron/host/a.ts': 'await import(name)' },
      'electron/host/a.ts:1: an import must name what it imports',
    ],
    [
      'a cycle, through a type',
      {
        'shared/a.ts': `import { b } from './b.ts'`,
        'shared/b.ts': `\nimport type { C } from './c.ts'`,
        'shared/c.ts': `export * from './a.ts'`,
      },
      'shared/a.ts:1: a cycle of imports: shared/a.ts -> shared/b.ts -> shared/c.ts -> shared/a.ts',
    ],
    [
      'a cycle of folders whose files are in none',
      {
        'shared/one/a.ts': `\nimport { b } from '../two/b.ts'`,
        'shared/two/b.ts': '',
        'shared/two/c.ts': `import '../one/d.ts'`,
        'shared/one/d.ts': '',
      },
      'shared/one/a.ts:2: a cycle of folders: shared/one -> shared/two -> shared/one',
    ],
    [
      'a folder that is full',
      Object.fromEntries(Array.from({ length: 26 }, (_, at) => [`shared/${at}.ts`, ''])),
      'shared: 26 files lie loose; a folder has at most 25',
    ],
    [
      'a file that imports itself',
      { 'shared/a.ts': `import './a.ts'` },
      'shared/a.ts:1: a cycle of imports: shared/a.ts -> shared/a.ts',
    ],
    [
      'an early end',
      { 'electron/host/a.ts': 'if (x) {\n  process.exit(1)\n}' },
      'electron/host/a.ts:2: only electron/cli, electron/web/main.ts may end the process',
    ],
    [
      'a deadline that may be collected',
      { 'electron/host/a.ts': 'const late = AbortSignal.timeout(5_000)' },
      'electron/host/a.ts:1: a deadline of AbortSignal.timeout may be lost; withDeadline keeps it',
    ],
    [
      'a program is started beside the one place',
      { 'electron/cli/a.ts': `import { spawn } from 'node:child_process'` },
      'electron/cli/a.ts:1: node:child_process is imported by electron/programs, electron/host/processes/fork-process.ts only; call startProgram or runProgram',
    ],
    ['a long file', { 'shared/a.ts': '\n'.repeat(301) }, 'shared/a.ts:301: a file has at most 300 lines'],
  ])('%s', (_title, files, problem) => {
    expect(checkFloors(files, rules)).toEqual([problem])
  })

  it('a way from the command line to electron, over several files', () => {
    const files = {
      'electron/cli/main.ts': `import '../host/index.ts'`,
      'electron/host/index.ts': `import type { A } from './a.ts'`,
      'electron/host/a.ts': `void import('electron')`,
    }
    expect(checkFloors(files, rules)).toContain(
      'electron/host/a.ts:1: electron/cli/main.ts must load without electron, and imports it through electron/cli/main.ts -> electron/host/index.ts -> electron/host/a.ts',
    )
  })

  it('nothing is named where all is well', () => {
    const files = {
      'shared/a.ts': `export { b } from './b.ts'`,
      'electron/settings/a.ts': `import { z } from 'zod'`,
      'shared/b.ts': '\n'.repeat(300),
      'electron/engine/ports/p.ts': `import type { B } from '../../../shared/b.ts'`,
      'electron/adapters/postgres/a.ts': `import pg from 'pg'\nimport '../../engine/ports/p.ts'\nimport './queries/q.ts'`,
      'electron/cli/a.ts': `import '../host/index.ts'\nprocess.exit(1)`,
    }
    expect(checkFloors(files, rules)).toEqual([])
  })
})

describe('imports', () => {
  it.each<[string, readonly (string | null)[]]>([
    [`import a from 'x'`, ['x']],
    [`import a, {\n  type B,\n  c as d,\n} from "x"`, ['x']],
    [`import * as a from 'x'; import 'y'`, ['x', 'y']],
    [`import type { A } from 'x'\nimport b from 'y' with { type: 'json' }`, ['x', 'y']],
    [
      `export { a } from 'x'; export type { B } from 'y'; export * from 'z'; export * as c from 'w'`,
      ['x', 'y', 'z', 'w'],
    ],
    [`const a = await import('x'); let b: import('y').B; require('z')`, ['x', 'y', 'z']],
    [`const a = \`\${await import('x')} \${\`\${\`b\`}\`} \`; import(\`y\`)`, ['x', null]],
    [`export const a = 1\nimport b from 'x'`, ['x']],
    [`export { a }\nconst sql = b\nexport type C = 'from'`, []],
    [`const sql = "select * from 'x'"; // import 'y'\n/* import 'z' */`, []],
    [`const sql = \`select import from 'x' \${a} import 'y'\``, []],
    [`const a = /import 'x'/; const b = c / d; import 'y'; e / f`, ['y']],
    ["const a = /['\"`/]/.test(b) ? /[/]'/ : c; import 'y'", ['y']],
    [`a.import('x'); import.meta.resolve('y'); a.require('z')`, []],
    [`const a = \`a\${ { b: { c: 1 } }.b.c }\`; import "y"`, ['y']],
  ])('of %j', (source, specifiers) => {
    expect(findImports(source).map(found => found.specifier)).toEqual(specifiers)
  })

  it('know their lines, behind comments and texts of several lines', () => {
    const source = `/* a\nb */ const c = \`\n\n\${d}\n\`\nimport {\n  e,\n} from "x"`
    expect(findImports(source)).toEqual([{ specifier: 'x', line: 8 }])
  })
})
