import { standardOutput } from '../../host/output/safe-output.ts'

/** Writes the one document that standard output holds. */
export function printJson(document: unknown): void {
  standardOutput.write(`${JSON.stringify(document, null, 2)}\n`)
}
