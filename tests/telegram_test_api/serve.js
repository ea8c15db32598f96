// telegram-test-api on a free port, which is printed. Its getMe has no `is_bot`, without which a bot cannot read it.
const express = require('express');
const TelegramServer = require('telegram-test-api');

const front = express();
front.all('/bot:token/getMe', (request, reply) => {
  reply.json({ok: true, result: {id: 666, is_bot: true, first_name: 'Test', username: 'TestNameBot'}});
});
front.use(new TelegramServer().webServer);
const server = front.listen(0, '127.0.0.1', () => console.log(server.address().port));
