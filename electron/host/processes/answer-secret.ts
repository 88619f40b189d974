import { assertNever } from '../../../shared/text/assert-never.ts'
import type { SecretStorage } from '../service/interface/secret-storage.ts'
import type { SecretAnswer, SecretAsk } from './secret-messages.ts'

/** Answers the engine's process from the shell's storage; never throws. */
export async function answerSecret(secrets: SecretStorage, asked: SecretAsk): Promise<SecretAnswer> {
  try {
    return await answer(secrets, asked)
  } catch {
    return { answer: 'failed' }
  }
}

async function answer(secrets: SecretStorage, asked: SecretAsk): Promise<SecretAnswer> {
  switch (asked.ask) {
    case 'state':
      return { answer: 'state', state: await secrets.state() }
    case 'read':
      return { answer: 'read', recalled: await secrets.read(asked.projectFile) }
    case 'write':
      await secrets.write(asked.place, asked.password)
      return { answer: 'done' }
    case 'forget':
      await secrets.forget(asked.projectFile, asked.server)
      return { answer: 'done' }
    default:
      return assertNever(asked)
  }
}
