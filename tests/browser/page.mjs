// The page as people use it, in Chromium: node page.mjs ADDRESS [FOLDER FOR SCREENSHOTS]. ADDRESS serves the shipped corpus
// and a few small documents beside it (see .ci/browser). Prints a line a test; the exit code is 1 if one failed.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const [address, shots] = process.argv.slice(2);
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const to = fields => "/?" + new URLSearchParams(fields);
let failed = 0;

// Runs a test on a page of its own. Whatever the page says on its console is a failure.
async function test(name, run, options = {}) {
  const context = await browser.newContext({
    baseURL: address, viewport: { width: options.width ?? 1280, height: 900 }, colorScheme: options.dark ? "dark" : "light",
    javaScriptEnabled: options.script !== false, permissions: ["clipboard-read", "clipboard-write"],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const said = [];
  page.on("console", message => said.push(message.text()));
  page.on("pageerror", error => said.push(error.message));
  try {
    await run(page);
    assert.deepEqual(said.filter(text => !options.expects?.test(text)), [], "the console stays empty");
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(over <= 0, `nothing is wider than the screen, but by ${over} pixels`);
    console.log(`ok    ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAIL  ${name}\n      ${error.message.replaceAll("\n", "\n      ")}`);
  }
  if (shots) await page.screenshot({ path: `${shots}/${name.replaceAll(" ", "-")}.png` });
  await context.close();
}

// No finding of axe that is serious or worse. Its script comes in by the debugger, since the page lets none in.
async function accessible(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run());
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const told = serious.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(node => node.html).join(" ")}`);
  assert.deepEqual(told, []);
}

const marks = page => page.locator("main mark");

// What is clicked or pressed leads to another document: it is there, and its script has run, when this ends.
const follow = (page, act) => Promise.all([page.waitForEvent("load"), act]);

await test("search and open", async page => {
  await page.goto("/");
  await page.fill("#q", "港长制");
  await follow(page, page.press("#q", "Enter"));
  await page.getByText("找到 2 段、2 处，出自 1 份文件").waitFor();
  assert.equal(await page.locator(".hits > li").count(), 2);
  assert.deepEqual(await marks(page).allTextContents(), ["港长制", "港长制"]);
  const paths = await page.locator(".path").allTextContents();
  assert.ok(paths.some(path => path.includes("厚植生态底色")), paths.join());
  await follow(page, page.locator(".hits h2 a").first().click());
  await page.locator(".report").waitFor();
  assert.equal(await page.locator(".report mark").count(), 2);
  assert.ok(await page.locator(":target").isVisible());
  await follow(page, page.getByText("← 检索结果").click());
  assert.equal(await page.inputValue("#q"), "港长制");
});

await test("outline", async page => {
  await page.goto(to({ q: "典型村", place: "广东省" }));
  await follow(page, page.locator(".hits h2 a").first().click());
  const section = page.locator("#outline a", { hasText: "深化党建引领" }).first();
  await section.click();
  const target = await page.locator(":target").textContent();
  assert.ok(target.includes("深化党建引领"), target);
  assert.ok(await page.locator("#outline .count").count() >= 3);
  await accessible(page);
});

await test("filters", async page => {
  await page.goto(to({ q: "典型村" }));
  await follow(page, page.locator("#filters a", { hasText: "回顾" }).click());
  await page.getByText("找到 3 段、3 处").waitFor();
  await follow(page, page.locator("#filters a", { hasText: "广东省" }).click());
  await follow(page, page.locator("#filters .tree .tree a", { hasText: "湛江市" }).click());
  assert.match(page.url(), /place=/);
  // the other choices of a narrowing stay
  assert.ok(await page.locator("#filters a", { hasText: "任务" }).isVisible());
  await follow(page, page.locator("#filters a", { hasText: "回顾" }).click());
  await page.getByText("找到 3 段、4 处").waitFor();
  await follow(page, page.getByText("取消全部筛选").click());
  await page.getByText("找到 4 段").waitFor();
  await page.fill("[name=from]", "２０２５");
  await follow(page, page.getByRole("button", { name: "限定" }).click());
  await page.getByText("找到 3 段、4 处").waitFor();
  assert.deepEqual([await page.inputValue("[name=from]"), await page.inputValue("[name=to]")], ["2025", ""]);
  // what is chosen and has no hits can be let go alone
  await page.goto(to({ q: "典型村", place: "内蒙古自治区", level: "县", from: "1990", to: "1999" }));
  assert.deepEqual([await page.inputValue("[name=from]"), await page.inputValue("[name=to]")], ["1990", "1999"]);
  assert.deepEqual(await page.locator("#filters .chosen").allTextContents(), ["内蒙古自治区 ×（取消）", "1990–1999 ×（取消）", "县 ×（取消）"]);
  await accessible(page);
  await follow(page, page.locator("#filters .chosen", { hasText: "内蒙古自治区" }).click());
  await follow(page, page.locator("#filters .chosen", { hasText: "1990" }).click());
  await page.getByText("找到 1 段").waitFor();
});

await test("context", async page => {
  await page.goto(to({ q: "典型村" }));
  await follow(page, page.getByRole("link", { name: "上下文" }).click());
  await page.locator(".kwic").waitFor();
  assert.equal(await page.locator(".kwic tbody tr").count(), 5);
  const lefts = await page.locator(".kwic mark").evaluateAll(all => all.map(mark => Math.round(mark.getBoundingClientRect().left)));
  assert.equal(new Set(lefts).size, 1, "the words stand under each other");
  const heights = await page.locator(".kwic tbody tr").evaluateAll(all => all.map(row => row.getBoundingClientRect().height));
  assert.ok(heights.every(height => height < 40), `a row is a line: ${heights}`);
  await follow(page, page.getByRole("link", { name: "后文" }).click());
  assert.match(page.url(), /sort=right/);
  await accessible(page);
  await follow(page, page.locator(".kwic .where a").last().click());
  const target = page.locator(":has(> :target)");
  assert.ok((await target.textContent()).includes("典型村"));
  await page.waitForFunction(() => {
    const { top, bottom } = document.querySelector(":has(> :target)").getBoundingClientRect();
    return top < innerHeight && bottom > 0;
  });
});

// that nothing is wider than the screen is seen to by all tests
for (const width of [1280, 360]) {
  await test(`long matches ${width}`, async page => {
    await page.goto(to({ q: "/[^。]{60,90}/", tab: "kwic" }));
    const [left] = await page.locator(".kwic .left").all();
    assert.ok(width < 800 || (await left.boundingBox()).width > 200, "what stands before has its room");
  }, { width });
}

await test("filters narrow", async page => {
  await page.goto(to({ part: "任务" }));
  assert.ok(await page.getByRole("link", { name: "筛选", exact: true }).isVisible());
  await page.goto(to({ q: "典型村", place: "广东省", part: "任务" }));
  assert.deepEqual(await page.locator(".within a").allTextContents(), ["广东省 ×（取消）", "任务 ×（取消）"]);
  await accessible(page);
  await follow(page, page.locator(".within a", { hasText: "任务" }).click());
  assert.deepEqual(await page.locator(".within a").allTextContents(), ["广东省 ×（取消）"]);
}, { width: 360 });

await test("trend", async page => {
  await page.goto(to({ q: "典型村" }));
  await follow(page, page.getByRole("link", { name: "走势" }).click());
  await page.locator(".trend svg").waitFor();
  await page.fill("[name=with]", "港长制");
  await follow(page, page.getByRole("button", { name: "比较" }).click());
  assert.ok(await page.locator(".figures th", { hasText: "港长制" }).isVisible());
  assert.ok((await page.locator(".trend svg").textContent()).includes("港长制"));
  await accessible(page);
  // a comma in quotes joins nothing
  await page.goto(to({ q: "发展", tab: "trend", with: "“港长制、河长制”，港长制 典型村,'典型村, 典型户'" }));
  const heads = await page.locator(".figures thead th").allTextContents();
  assert.deepEqual(heads.filter(head => !/年份|份数|每万字|字数/.test(head)), ["发展", "“港长制、河长制”", "港长制 典型村", "'典型村, 典型户'"]);
  await page.goto(to({ q: "敌意", tab: "trend" }));
  await page.getByText("“敌意”另有 2 处在年份不明的文件里").waitFor();
});

await test("trend narrow", async page => {
  await page.goto(to({ q: "发展", tab: "trend", with: "村,典型村,建设,经济" }));
  const lines = await page.locator(".figures td, .figures tbody th").evaluateAll(all => all.map(cell => cell.getBoundingClientRect().height));
  assert.ok(lines.every(height => height < 40), "a number stays on its line");
  assert.ok(await page.locator(".trend svg").evaluate(svg => svg.getBoundingClientRect().width) > 700);
  await accessible(page);
}, { width: 375 });

await test("a wrong comparison", async page => {
  await page.goto(to({ q: "发展", tab: "trend", with: "港长制，/(/" }));
  await page.getByRole("heading", { name: "对比的词有误" }).waitFor();
  assert.equal(await page.locator("main mark").textContent(), "/(/");
  assert.equal(await page.inputValue("[name=with] >> visible=true"), "港长制，/(/");
  await page.goto(to({ q: "发展", tab: "trend", with: "1,2,3,4,5,6,7,8" }));
  await page.getByText("一次最多比较 8 个词").waitFor();
  await accessible(page);
}, { expects: /status of 400/ });

await test("nothing and what is near", async page => {
  await page.goto(to({ q: "港掌制" }));
  await page.getByText("没有“港掌制”").waitFor();
  await follow(page, page.getByRole("link", { name: "港长制" }).click());
  await page.getByText("找到 2 段").waitFor();
  await page.goto(to({ q: "典型村", year: "1999" }));
  await follow(page, page.getByRole("link", { name: /不限范围则有/ }).click());
  await page.getByText("找到 4 段").waitFor();
});

await test("pages", async page => {
  await page.goto(to({ q: "发展" }));
  const first = await page.locator(".hits .text").first().textContent();
  await follow(page, page.getByRole("link", { name: "下一页" }).click());
  await page.getByText("第 2 页").waitFor();
  assert.notEqual(await page.locator(".hits .text").first().textContent(), first);
  await follow(page, page.getByRole("link", { name: "上一页" }).click());
  assert.equal(await page.locator(".hits .text").first().textContent(), first);
  await follow(page, page.getByRole("link", { name: "时间" }).click());
  assert.match(page.url(), /sort=date/);
  // behind the passages with all the words, those with some are no news of the others
  await page.goto(to({ q: "典型村 发展", weaker: "1", page: "3" }));
  assert.ok(await page.locator(".tier.some").first().isVisible());
  await page.getByText(/^找到 \d+ 段/).waitFor();
});

await test("forced colours", async page => {
  await page.emulateMedia({ forcedColors: "active" });
  await page.goto(to({ q: "典型村", part: "任务" }));
  for (const what of [".tabs a", ".order a", "#filters .choice"]) {
    const lines = await page.locator(what).evaluateAll(all => all.map(link =>
      [link.hasAttribute("aria-current"), getComputedStyle(link).borderBottomWidth !== "0px"]));
    assert.ok(lines.some(([is]) => is) && lines.every(([is, has]) => is === has), what);
  }
});

await test("suggestions and keys", async page => {
  await page.goto(to({ q: "发展" }));
  await page.keyboard.press("/");
  await page.keyboard.type("bqwgc");
  await page.locator("#suggestions li").first().waitFor();
  assert.equal(await page.getAttribute("#q", "aria-expanded"), "true");
  await accessible(page);
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.locator("#suggestions li[aria-selected=true]").evaluate(item => getComputedStyle(item).outlineStyle), "solid");
  if (shots) await page.screenshot({ path: `${shots}/chosen.png` });
  assert.ok(!(await page.locator("footer").textContent()).includes("下一处"), "keys are offered where they work");
  await follow(page, page.keyboard.press("Enter"));
  await page.getByText("、7 处，").waitFor();
  assert.equal(await page.inputValue("#q"), "百千万工程");
  await page.locator(".hits h2 a").first().focus();
  await follow(page, page.keyboard.press("Enter"));
  await page.locator(".report").waitFor();
  assert.ok((await page.locator("footer").textContent()).includes("下一处"));
  const [entries, passage] = await page.evaluate(() => [history.length, location.hash.slice(1)]);
  const first = await page.evaluate(id => {
    const marks = [...document.querySelectorAll("mark[id]")], target = document.getElementById(id);
    return 1 + marks.findIndex(mark => target.compareDocumentPosition(mark) & Node.DOCUMENT_POSITION_FOLLOWING);
  }, passage);
  await page.keyboard.press("n");
  await page.waitForURL(new RegExp(`#m${first}$`));
  await page.keyboard.press("n");
  await page.waitForURL(new RegExp(`#m${first + 1}$`));
  await page.keyboard.press("p");
  await page.waitForURL(new RegExp(`#m${first}$`));
  assert.equal(await page.evaluate(() => history.length), entries, "the way back leads to the hits");
  // who has scrolled on goes on from there
  await page.evaluate(() => scrollTo(0, 0));
  await page.keyboard.press("n");
  await page.waitForURL(/#m1$/);
  // turned off, they stay so
  await page.getByLabel(/快捷键/).uncheck();
  await page.locator("h1").click();
  await page.keyboard.press("n");
  await page.reload();
  await page.keyboard.press("n");
  assert.match(page.url(), /#m1$/);
});

await test("suggestions for an earlier word", async page => {
  let asked = 0;
  await page.route("**/api/suggest*", async route => { if (asked++ === 0) await route.continue(); });
  await page.goto(to({ q: "发展" }));
  await page.fill("#q", "典型");
  await page.locator("#suggestions li").first().waitFor();
  assert.match(await page.getByRole("status").textContent(), /^\d 条建议$/);
  await page.keyboard.type("户");
  await page.keyboard.press("ArrowDown");
  await follow(page, page.keyboard.press("Enter"));
  assert.equal(new URL(page.url()).searchParams.get("q"), "典型户");
});

await test("all by the tabulator", async page => {
  await page.goto(to({ q: "港长制" }));
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "跳到正文");
  const seen = new Set();
  for (let at = 0; at < 40; at++) {
    await page.keyboard.press("Tab");
    seen.add(await page.evaluate(() => document.activeElement.closest("[id], nav, article")?.tagName ?? "BODY"));
  }
  for (const part of ["INPUT", "NAV", "ARTICLE", "ASIDE"]) assert.ok(seen.has(part), `${part} among ${[...seen]}`);
});

await test("copy", async page => {
  await page.goto(to({ q: "港长制" }));
  await page.getByRole("button", { name: "复制引文" }).first().click();
  await page.getByRole("button", { name: "已复制" }).waitFor();
  assert.equal(await page.getByRole("status").textContent(), "已复制");
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /^“[^“”]*‘港长制’[^“”]*”（《港门镇政府工作报告》（2025年4月8日，.*第\d+行）$/s);
});

await test("copying refused", async page => {
  await page.addInitScript(() => { navigator.clipboard.writeText = () => Promise.reject(new Error("refused")); });
  await page.goto(to({ q: "港长制" }));
  await page.getByRole("button", { name: "复制引文" }).first().click();
  assert.ok(await page.locator(".cite p", { hasText: "《港门镇政府工作报告》" }).first().isVisible());
});

await test("without script", async page => {
  await page.goto("/");
  await page.fill("#q", "港长制");
  await follow(page, page.getByRole("button", { name: "检索" }).click());
  await page.getByText("找到 2 段").waitFor();
  await page.locator("summary", { hasText: "引文" }).first().click();
  assert.ok(await page.getByText("《港门镇政府工作报告》").first().isVisible());
  await follow(page, page.locator(".hits h2 a").first().click());
  await page.locator(".report mark").first().waitFor();
  await follow(page, page.getByText("← 检索结果").click());
  await follow(page, page.locator("#filters a", { hasText: "回顾" }).click());
  await page.getByText("找到 1 段").waitFor();
  await follow(page, page.getByRole("link", { name: "走势" }).click());
  await page.locator(".figures").waitFor();
}, { script: false });

await test("a wrong query", async page => {
  await page.goto(to({ q: "典型村 foo:bar" }));
  assert.equal(await page.locator("main mark").textContent(), "foo:bar");
  await accessible(page);
}, { expects: /status of 400/ });

await test("hostile documents", async page => {
  await page.addInitScript(() => { window.alert = () => { throw new Error("markup has come in"); }; });
  for (const tab of ["", "kwic", "trend"]) {
    await page.goto(to({ q: "敌意", tab }));
    await page.goto(to({ q: "<img src=x onerror=alert(1)>", tab, with: "<svg onload=alert(1)>" }));
  }
  await page.goto(to({ q: "敌意" }));
  await follow(page, page.locator(".hits h2 a").first().click());
  await page.locator(".report").waitFor();
  assert.equal(await page.locator(".report img, .report script").count(), 0);
  assert.ok((await page.locator(".report").textContent()).includes("<img src=x onerror=alert(1)>"));
});

for (const [name, fields] of [["list", {}], ["hits", { q: "发展" }], ["rows", { q: "发展", tab: "kwic" }],
  ["near", { q: "港掌制" }]]) {
  for (const [look, options] of [["wide", {}], ["narrow", { width: 375 }], ["dark", { dark: true }]]) {
    await test(`${name} ${look}`, async page => {
      await page.goto(to(fields));
      await accessible(page);
    }, options);
  }
}

await test("report narrow", async page => {
  await page.goto(to({ q: "典型村" }));
  await follow(page, page.locator(".hits h2 a").first().click());
  await page.getByRole("link", { name: "大纲", exact: true }).click();
  assert.ok(await page.locator("#outline a").first().isVisible());
  await accessible(page);
}, { width: 375 });

await test("printed", async page => {
  await page.goto(to({ q: "港长制" }));
  await page.emulateMedia({ media: "print" });
  assert.ok(!await page.locator("#filters").isVisible() && !await page.locator("form.search").isVisible());
  assert.ok(await page.locator(".hits .text").first().isVisible());
  // paper is as narrow as a telephone
  await page.setViewportSize({ width: 700, height: 900 });
  await page.goto(to({ q: "典型村", part: "任务", tab: "kwic" }));
  assert.equal(await page.locator(".asked").textContent(), "检索：典型村");
  assert.ok(await page.getByText("范围：任务").isVisible() && !await page.locator(".within .off").isVisible());
  assert.equal(await page.locator(".kwic tr").last().evaluate(row => getComputedStyle(row).display), "table-row");
  await page.goto(to({ q: "典型村", tab: "trend" }));
  assert.ok(await page.locator(".trend svg").evaluate(svg => svg.getBoundingClientRect().right <= innerWidth));
  await page.goto(to({ q: "典型村", tab: "trend", with: "乡村振兴,高质量发展,社会主义核心价值观,人居环境,港长制,经济社会发展,百千万工程" }));
  assert.ok(await page.locator(".figures").evaluate(table => table.getBoundingClientRect().right <= innerWidth), "no column is lost");
  assert.equal(await page.locator(".scroll").last().evaluate(box => getComputedStyle(box).overflowX), "visible");
  if (shots) await page.screenshot({ path: `${shots}/printed-trend.png` });
});

await test("a draft is checked", async page => {
  await page.goto("/");
  await follow(page, page.getByRole("link", { name: "核对一份文稿" }).click());
  const draft = "某镇政府工作报告\n\n推广“积分制+红黑榜”治理模式。建设典型村，经济社会发展。\n";
  const send = async what => {
    await page.setInputFiles("input[type=file]", { name: "草稿.txt", mimeType: "text/plain", buffer: Buffer.from(draft) });
    await follow(page, page.getByRole("button", { name: what }).click());
  };
  await send("找相近段落");
  await page.getByRole("heading", { name: "相近段落" }).waitFor();
  assert.ok((await page.locator(".hits .text").allTextContents()).some(text => text.includes("积分制")));
  await send("查重");
  await page.getByText("与库中文件逐字相同").waitFor();
  await follow(page, page.getByRole("link", { name: /对方第 \d+ 行/ }).first().click());
  await page.locator(".report").waitFor();
  await page.goBack();
  await accessible(page);
});

await test("a draft narrow and without script", async page => {
  await page.goto("/check");
  assert.ok(await page.getByRole("button", { name: "查重" }).isVisible());
}, { width: 375, script: false });

await test("painted at once", async page => {
  const paint = async address => {
    await page.goto(address);
    return page.evaluate(() => new Promise(done => new PerformanceObserver(list =>
      done(list.getEntriesByName("first-contentful-paint")[0]?.startTime)).observe({ type: "paint", buffered: true })));
  };
  const median = times => times.sort((a, b) => a - b)[times.length >> 1];
  const [pages, bare] = [[], []];
  for (let round = 0; round < 9; round++) {
    pages.push(await paint(to({ q: ["典型村", "港长制", "发展", "营商环境"][round % 4] })));
    bare.push(await paint("/healthz"));
  }
  console.log(`      first paint, median of 9: ${median(pages).toFixed(0)} ms; of a bare line of text: ${median(bare).toFixed(0)} ms`);
  await page.goto(to({ q: "典型村" }));
  const blocking = await page.evaluate(() => performance.getEntriesByType("resource")
    .filter(resource => resource.renderBlockingStatus === "blocking").map(resource => new URL(resource.name).pathname));
  assert.deepEqual(blocking, ["/page.css"], "what a first paint waits for");
});

await browser.close();
process.exit(failed ? 1 : 0);
