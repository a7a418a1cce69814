// What the page asks: in order, once at a time, again when the server was away.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Conversation } from "../../assets/js/conversation.mjs";

/** A conversation with what was sent and said, and a server that is there or not. */
const talking = (isThere = async () => true) => {
  const sent = [];
  const said = [];
  const conversation = new Conversation((request) => sent.push(request), (text) => said.push(text), isThere);
  return { conversation, sent, said };
};

const settle = async () => {
  for (let k = 0; k < 5; k++) await Promise.resolve();
};

test("questions are asked one after the other, each made when its turn has come", () => {
  const { conversation, sent } = talking();
  let document = "first";
  const got = [];
  conversation.ask(() => ({ document }), (answer) => { document = answer.document; got.push(1); });
  conversation.ask(() => ({ document }), () => got.push(2));
  assert.deepEqual(sent, [{ document: "first", serial: 1 }]);
  conversation.answered({ serial: 1, document: "second" });
  assert.deepEqual(sent[1], { document: "second", serial: 2 });
  conversation.answered({ serial: 2 });
  assert.deepEqual(got, [1, 2]);
  conversation.leave();
});

test("an answer to something else is none", () => {
  const { conversation } = talking();
  let answers = 0;
  conversation.ask(() => ({}), () => answers++);
  conversation.answered({ serial: 7 });
  conversation.answered({ serial: 0 });
  assert.equal(answers, 0);
  conversation.answered({ serial: 1 });
  conversation.answered({ serial: 1 });
  assert.equal(answers, 1);
  conversation.leave();
});

test("of one gesture only the last that waits is asked", () => {
  const { conversation, sent } = talking();
  for (const value of [1, 2, 3, 4]) conversation.ask(() => ({ value }), () => {}, "slider");
  conversation.answered({ serial: 1 });
  conversation.answered({ serial: 2 });
  assert.deepEqual(sent.map(({ value }) => value), [1, 4]);
  conversation.leave();
});

test("a question that makes all others pointless", () => {
  const { conversation, sent } = talking();
  const got = [];
  conversation.ask(() => ({ a: 1 }), () => got.push("a"));
  conversation.ask(() => ({ b: 1 }), () => got.push("b"));
  conversation.askAnew(() => ({ c: 1 }), () => got.push("c"));
  conversation.answered({ serial: 1 });
  conversation.answered({ serial: 2 });
  assert.deepEqual(got, ["c"]);
  assert.equal(sent.length, 2);
  conversation.leave();
});

test("while an answer asks anew, the queue is the new one", () => {
  const { conversation, sent } = talking();
  const got = [];
  conversation.ask(() => ({ a: 1 }), () => conversation.askAnew(() => ({ b: 1 }), () => got.push("b")));
  conversation.answered({ serial: 1 });
  conversation.answered({ serial: 2 });
  assert.deepEqual(got, ["b"]);
  assert.equal(sent.length, 2);
  conversation.leave();
});

test("a server that was away is asked again when it is back, and told so meanwhile", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  let there = false;
  const { conversation, sent, said } = talking(async () => there);
  const got = [];
  conversation.ask(() => ({ edit: 1 }), (answer) => got.push(answer.serial));
  mock.timers.tick(400);
  assert.match(said.at(-1), /Working it out/);
  mock.timers.tick(1600);
  await settle();
  assert.match(said.at(-1), /can't be reached.*kept.*sent as soon/);
  there = true;
  mock.timers.tick(2000);
  await settle();
  assert.deepEqual(sent, [{ edit: 1, serial: 1 }, { edit: 1, serial: 2 }]);
  conversation.answered({ serial: 2 });
  assert.deepEqual(got, [2]);
  assert.equal(said.at(-1), "");
  mock.timers.reset();
});

test("a server that is there and slow is not asked twice", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { conversation, sent, said } = talking();
  conversation.ask(() => ({}), () => {});
  mock.timers.tick(400);
  for (let k = 0; k < 12; k++) {
    mock.timers.tick(2000);
    await settle();
  }
  assert.equal(sent.length, 1);
  assert.match(said.at(-1), /takes long/);
  conversation.leave();
  mock.timers.reset();
});
