import { noticeWord } from '../../../../client/console/kit/notice-words';

test('noticeWord() does not say of what was sent that it was delivered', () => {
  expect(noticeWord('sent')).toEqual({
    word: 'Sent',
    tone: 'good',
    meaning: 'It was handed over. Nobody knows whether it has arrived, or was read.',
  });
});
