import { useCallback, useState } from 'react'
import type { ChangingRequest, InputOf, OutputOf, RequestName } from '../../shared/api/engine-api.ts'
import type { Failure } from '../../shared/failure/failure.ts'
import { useApi } from './dashboard-context.tsx'

/** A request that a person starts: at most one at a time, and its refusal stays to be read. */
export interface StartedAction<Name extends RequestName> {
  readonly isRunning: boolean
  readonly failure: Failure | null
  /** Gives the answer, or null when it was refused. */
  readonly run: (input: InputOf<Name>) => Promise<OutputOf<Name> | null>
  readonly forget: () => void
}

/** Prepares a request that changes something, or takes long. */
export function useAction<
  Name extends ChangingRequest | 'plan.make' | 'plan.check' | 'log.download' | 'run.report',
>(name: Name): StartedAction<Name> {
  const api = useApi()
  const [isRunning, setRunning] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const run = useCallback(
    async (input: InputOf<Name>): Promise<OutputOf<Name> | null> => {
      setRunning(true)
      setFailure(null)
      const reply = await api.request(name, input)
      setRunning(false)
      if (reply.ok) return reply.value
      setFailure(reply.failure)
      return null
    },
    [api, name],
  )
  const forget = useCallback(() => setFailure(null), [])
  return { isRunning, failure, run, forget }
}
