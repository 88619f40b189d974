import { expect, test } from 'vitest'
import { describeBeyond } from '../../../shared/analysis/describe-beyond.ts'

test('says as before of everything only where everything was compared', () => {
  expect(describeBeyond({ changes: [], unread: [] })).toEqual({ verdict: 'same', words: 'as before' })
})

test('says of what was not compared that it was not, and nothing else of it', () => {
  expect(describeBeyond({ changes: [], unread: ['passwords of roles'] })).toEqual({
    verdict: 'partly_compared',
    words: 'what was compared is as before; not compared: passwords of roles',
  })
  expect(describeBeyond({ changes: null, unread: ['anything'] })).toEqual({
    verdict: 'not_compared',
    words: 'not compared: anything',
  })
})

test('tells a change also where not everything was compared', () => {
  const changes = ['role app: rolcanlogin true -> false']
  expect(describeBeyond({ changes, unread: ['passwords of roles'] })).toEqual({
    verdict: 'changed',
    words: 'changed; not compared: passwords of roles',
  })
})
