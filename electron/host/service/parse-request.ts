import type { z } from 'zod'
import type { InputOf, RequestName } from '../../../shared/api/engine-api.ts'
import { requests } from '../../../shared/api/requests.ts'
import { LockstepError } from '../../../shared/failure/failure.ts'

const schemas: { readonly [Name in RequestName]: { readonly input: z.ZodType<InputOf<Name>> } } = requests

/** Reads a request's input as the contract says; throws `request_invalid`. */
export function parseRequest<Name extends RequestName>(request: Name, input: unknown): InputOf<Name> {
  const result = schemas[request].input.safeParse(input)
  if (result.success) return result.data
  const [first] = result.error.issues
  const place = first?.path.join('.') ?? ''
  const problem = `${place === '' ? '' : `${place}: `}${first?.message ?? 'not as expected'}`
  throw new LockstepError({ kind: 'request_invalid', request, problem })
}
