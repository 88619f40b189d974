import { type Explanation, listExplanations } from '../../../electron/app/explain/list-explanations.ts'
import { readDefaultPolicy } from '../../../electron/host/protocol/default-policy.ts'
import {
  code,
  codeBlock,
  formatMarkdownTable,
  generatedNote,
  joinParts,
} from '../../support/docs/markdown.ts'

/** `docs/gates.md`: what each gate looks at, its settings, and what to do when it stops a run. */
export function writeGatesPage(): string {
  const gates = listExplanations(readDefaultPolicy(), []).filter(one => one.kind === 'gate')
  return joinParts([
    generatedNote,
    '# Gates',
    introduction,
    formatMarkdownTable(
      ['gate', 'what holds when it passes'],
      gates.map(({ name, title }) => [`[${name}](#${name})`, title]),
    ),
    ...gates.flatMap(describeGate),
  ])
}

const introduction = `A gate is a check that can stop a run before the first tenant is touched. All of them are judged, in this order, and each answer has the measured value, the limit, the evidence and what to do.

| verdict | the run |
| --- | --- |
| \`passed\` | goes on |
| \`warned\` | goes on; the answer says what to look at |
| \`not_applicable\` | goes on; there was nothing to judge |
| \`waived\` | goes on; somebody accepted it in writing, and the run records the reason |
| \`failed\` | stops with exit code 3; nothing was changed |
| \`inconclusive\` | stops with exit code 3: what could not be judged is not taken as good |

\`lockstep explain GATE\` prints the same with the limits that are in force in your project. \`lockstep run --gates\` judges only the gates that it names. A team adds gates of its own as [hooks](hooks-and-protocols.md#hooks).`

function describeGate(gate: Explanation): readonly string[] {
  const settings = gate.settings.map(({ path, value, words }) => [
    code(path),
    code(JSON.stringify(value)),
    words ?? '',
  ])
  return [
    `## ${gate.name}`,
    `**${gate.title}.** ${gate.why}`,
    settings.length === 0 ? '' : formatMarkdownTable(['setting', 'default', 'meaning'], settings),
    gate.remedy === '' ? '' : `What to do: ${gate.remedy}`,
    gate.waive === '' ? 'It cannot be waived.' : 'To accept it all the same:',
    gate.waive === '' ? '' : codeBlock('yaml', `# lockstep.yml\n${gate.waive}`),
  ]
}
