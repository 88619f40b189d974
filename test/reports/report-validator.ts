import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { reportJsonSchema } from '../../electron/reports/report-schema.ts'

/** Holds documents against the published JSON Schema with an independent validator; answers what does not fit. */
export function createReportValidator(): (document: unknown) => readonly string[] {
  const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true })
  formats.default(ajv)
  const validate = ajv.compile(reportJsonSchema())
  return document => {
    // What is validated is the text that people get, not the object it was made from.
    validate(JSON.parse(JSON.stringify(document)))
    return (validate.errors ?? []).map(error => `${error.instancePath} ${error.message}`)
  }
}
