import { describe, expect, it } from 'vitest'
import { type ApprovalWays, answerApproval } from '../../../electron/app/approval/answer-approval.ts'

const never = new AbortController().signal
const asked = 'a1b2c3d4'.padEnd(64, '0')
const earlier = 'a1ffffff'.padEnd(64, '0')

/** Asks for approval of something that was shown in words, with one earlier proposal on record. */
function ask(ways: Partial<ApprovalWays<string>>, shown: string | null = 'two rows are lost') {
  const looked: string[] = []
  const answer = answerApproval(
    { yes: false, id: null, confirmation: null, prompt: null, by: 'ann', ...ways },
    { id: asked, shown },
    start => {
      looked.push(start)
      return earlier.startsWith(start) ? { id: earlier, plan: null } : null
    },
    never,
  )
  return answer.then(given => ({ given, looked }))
}

describe('approval of a plan or of a rollback', () => {
  it('by the beginning of an id means what is asked first, then what is kept', async () => {
    expect((await ask({ id: 'a1b2c3d4' })).given).toMatchObject({ answer: 'approved_plan', planId: asked })
    expect((await ask({ id: 'a1ffffff' })).given).toMatchObject({ planId: earlier })
  })

  it('is not looked for by a beginning that is too short to be meant', async () => {
    const { given, looked } = await ask({ id: 'a1b2' })
    expect(given).toMatchObject({ planId: 'a1b2' })
    expect(looked).toEqual([])
  })

  it('by id is stricter than the flag, and the flag asks nobody', async () => {
    const prompt = async () => {
      throw new Error('asked')
    }
    expect((await ask({ yes: true, id: earlier, prompt })).given).toMatchObject({ answer: 'approved_plan' })
    expect((await ask({ yes: true, prompt })).given).toMatchObject({ answer: 'approved', how: 'flag' })
  })

  it('is a person’s answer to what was shown, and missing where nothing can be shown', async () => {
    const shown: string[] = []
    const prompt = async (words: string) => {
      shown.push(words)
      return { kind: 'acknowledged' } as const
    }
    expect((await ask({ prompt })).given).toMatchObject({ answer: 'approved', how: 'prompt', by: 'ann' })
    expect(shown).toEqual(['two rows are lost'])
    expect((await ask({ prompt }, null)).given).toEqual({ answer: 'nobody_there' })
    expect((await ask({ prompt: async () => null })).given).toEqual({ answer: 'refused', by: 'ann' })
  })
})
