import { expect, test } from 'vitest'
import {
  answerForGraphFailure,
  revisionGraph,
} from '../../../../electron/engine/gates/plan/revision-graph.ts'
import { createContext, never, planned, revision, step } from '../fake-context.ts'

const { graph, plan } = createContext()
const [group] = plan.groups

test('lets a tree through that leads every tenant to the target', async () => {
  expect(await revisionGraph.judge(createContext(), never)).toMatchInlineSnapshot(`
    {
      "evidence": [],
      "remedy": "",
      "threshold": "one known path from every tenant to the target",
      "value": "2 revisions, 1 head, 2 tenants",
      "verdict": "passed",
    }
  `)
})

test('stops at a revision that the project does not have', async () => {
  const lost = [planned('ash', { from: ['gone'] }), planned('birch')]
  const context = createContext({ plan: { ...plan, groups: [{ ...group!, tenants: lost }] } })
  expect(await revisionGraph.judge(context, never)).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "is on revision gone, which the project does not have",
          "tenant": "ash",
        },
      ],
      "remedy": "Check out the code that has revision gone, or bring its file back.",
      "threshold": "one known path from every tenant to the target",
      "value": "2 revisions, 1 head, 2 tenants",
      "verdict": "failed",
    }
  `)
})

test('stops at a tenant that is ahead of the target', async () => {
  const context = createContext({
    graph: { ...graph, revisions: [...graph.revisions, revision('a2', 'a1')], heads: ['a2'] },
    plan: { ...plan, groups: [{ ...group!, tenants: [planned('ash', { from: ['a2'], route: null })] }] },
  })
  expect(await revisionGraph.judge(context, never)).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "is on revision a2, ahead of the target a1",
          "tenant": "ash",
        },
      ],
      "remedy": "Leave the tenant out, or aim at a revision that includes a2.",
      "threshold": "one known path from every tenant to the target",
      "value": "3 revisions, 1 head, 1 tenant",
      "verdict": "failed",
    }
  `)
})

test('lets a tenant through that holds a branch beside the target', async () => {
  const context = createContext({
    graph: { ...graph, revisions: [...graph.revisions, revision('b0')], heads: ['a1', 'b0'] },
    plan: {
      ...plan,
      target: ['a1', 'b0'],
      groups: [{ ...group!, tenants: [planned('ash', { from: ['a0', 'b0'] })] }],
    },
  })
  expect(await revisionGraph.judge(context, never)).toMatchObject({ verdict: 'passed' })
})

test('stops at a circle, and at a parent that is missing', async () => {
  const revisions = [revision('a0', 'a1'), revision('a1', 'a0'), revision('a2', 'nowhere')]
  const answer = await revisionGraph.judge(createContext({ graph: { ...graph, revisions } }), never)
  expect(answer.verdict).toBe('failed')
  expect(answer.evidence.map(({ fact }) => fact)).toEqual([
    'revisions form a circle: a0 -> a1 -> a0',
    'revision a2 follows nowhere, which the project does not have',
  ])
})

test('judges a long tree without running out of stack', async () => {
  const revisions = Array.from({ length: 20_000 }, (_, index) =>
    revision(`r${index}`, ...(index === 0 ? [] : [`r${index - 1}`])),
  )
  const tree = { ...graph, revisions: [...graph.revisions, ...revisions] }
  expect(await revisionGraph.judge(createContext({ graph: tree }), never)).toMatchObject({
    verdict: 'passed',
  })
})

test('warns of a head that a named target leaves aside', async () => {
  const context = createContext({
    graph: { ...graph, revisions: [...graph.revisions, revision('b1', 'a0')], heads: ['a1', 'b1'] },
  })
  expect(await revisionGraph.judge(context, never)).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "heads left aside by the target a1: b1",
        },
      ],
      "remedy": "alembic merge -m "merge heads" a1 b1",
      "threshold": "one known path from every tenant to the target",
      "value": "3 revisions, 2 heads, 2 tenants",
      "verdict": "warned",
    }
  `)
})

test('stops when a file is not the one that was planned', async () => {
  const routes = [{ ...plan.routes[0]!, steps: [step('a1', { checksum: 'another' })] }]
  const answer = await revisionGraph.judge(createContext({ plan: { ...plan, routes } }), never)
  expect(answer).toMatchObject({ verdict: 'failed', remedy: 'lockstep plan' })
})

test('answers for a plan that could not be made', () => {
  expect([
    answerForGraphFailure({
      kind: 'several_heads',
      heads: ['a1', 'b1'],
      mergeCommand: 'alembic merge -m "merge heads" a1 b1',
    }),
    answerForGraphFailure({ kind: 'revision_unknown', tenant: 'ash', revision: 'gone' }),
    answerForGraphFailure({
      kind: 'migration_edited',
      file: 'migrations/0002_items.sql',
      revision: '0002',
      tenant: 'ash',
      recorded: 'aaaaaaaaaaaaaaaa',
      found: 'bbbbbbbbbbbbbbbb',
    }),
  ]).toMatchInlineSnapshot(`
    [
      {
        "evidence": [
          {
            "fact": "revision a1 is a head",
          },
          {
            "fact": "revision b1 is a head",
          },
        ],
        "remedy": "alembic merge -m "merge heads" a1 b1
    or name the target: lockstep run --target a1",
        "threshold": "1 head, or a target named explicitly",
        "value": "2 heads",
        "verdict": "failed",
      },
      {
        "evidence": [
          {
            "fact": "is on revision gone, which the project does not have",
            "tenant": "ash",
          },
        ],
        "remedy": "Check out the code that has revision gone, or bring its file back.",
        "threshold": "every tenant is on a revision that the project has",
        "value": "revision gone is unknown",
        "verdict": "failed",
      },
      {
        "evidence": [
          {
            "fact": "migrations/0002_items.sql (revision 0002) was applied as aaaaaaaaaaaa and is bbbbbbbbbbbb now",
            "tenant": "ash",
          },
        ],
        "remedy": "git log -p -- migrations/0002_items.sql
    Restore the file as it was applied, and put the change into a new revision.",
        "threshold": "applied files stay as they were applied",
        "value": "1 edited file",
        "verdict": "failed",
      },
    ]
  `)
})
