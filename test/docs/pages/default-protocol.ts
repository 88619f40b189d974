import { type Document, isSeq, parse, parseDocument, stringify, visit } from 'yaml'
import { readDefaultPolicy } from '../../../electron/host/protocol/default-policy.ts'
import { readDefaultProtocol } from '../../../electron/host/protocol/default-protocol.ts'

/** `SKILL.md` as it ships: the prose is written by hand, and its blocks say every default of the schema. */
export function writeDefaultProtocol(): string {
  const { config } = readDefaultPolicy()
  const defaults: Readonly<Record<string, unknown>> = { ...config }
  return readDefaultProtocol().replaceAll(
    /^(```lockstep\n)([\s\S]*?)(^```$)/gm,
    (_block, start: string, text: string, end: string) => `${start}${writeBlock(text, defaults)}${end}`,
  )
}

/** The same parts of the policy, with the values that hold where nobody has written anything. */
function writeBlock(text: string, defaults: Readonly<Record<string, unknown>>): string {
  const parts = Object.keys(parse(text))
  const document: Document = parseDocument(
    stringify(Object.fromEntries(parts.map(part => [part, defaults[part]]))),
  )
  visit(document, {
    Seq(_key, node) {
      if (isSeq(node)) node.flow = true
    },
  })
  return document.toString({ flowCollectionPadding: false, lineWidth: 0 })
}
