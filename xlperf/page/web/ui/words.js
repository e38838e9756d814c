// What the page says, in Chinese and in English. What the program says of a form is Chinese, in the form's own words.
const WORDS = {
  title: ["部门整体支出绩效自评 · 审核", "Performance self-evaluation · audit"],
  skip: ["跳到问题清单", "Skip to the findings"],
  home: ["换文件", "Other files"],
  downloads: ["下载 ▾", "Download ▾"],
  stop: ["停止", "Stop"],
  progress: ["进度", "Progress"],
  close: ["关闭", "Close"],
  heroTitle: ["把自评表放进来，逐格审核", "Drop a self-evaluation, have every cell audited"],
  heroText: [
    "基础数据表、自评表和报告的数字放在一起核对：哪一格不对、为什么、应是多少，都指给您看。",
    "Base data, evaluation and report are held against each other: which cell is wrong, why, and what it should be.",
  ],
  dropLead: ["把文件拖到这里", "Drop files here"],
  dropKinds: [
    "自评工作簿 .xlsx .xlsm，报告 .docx .txt，旧版 .xls；一个单位的几份文件（自评表、项目表、目标表、监控表、报告）可以一起放进来",
    "Workbooks .xlsx .xlsm, reports .docx .txt, old .xls; several files of one unit (evaluation, projects, goals, monitoring, report) go together",
  ],
  open: ["选择文件", "Choose files"],
  sample: ["用样例看看", "Try the sample"],
  optionsTitle: ["审核时", "When auditing"],
  layout: ["表的式样", "Layout of the form"],
  variant: ["评分口径", "Scoring rules"],
  automatic: ["自动识别", "Recognised"],
  usual: ["按表的默认口径", "Those of the form"],
  previous: ["上年的工作簿（与本年的上年数核对）", "Last year's workbook, to compare with"],
  choose: ["选择", "Choose"],
  remove: ["去掉", "Remove"],
  newTitle: ["新建空白表", "Start a blank form"],
  form: ["表", "Form"],
  year: ["评价年度", "Year"],
  unit: ["单位名称", "Unit"],
  makeNew: ["下载空白表", "Download the form"],
  aboutTitle: ["放心用", "What it does not do"],
  about1: ["文件只在这台电脑的浏览器里处理，不上传，断网照样能用", "Files stay in this browser: nothing is uploaded, no network is needed"],
  about2: ["原文件不改动，结果另存下载", "Your file is not changed; results are downloads"],
  about3: ["自评报告、审核意见（Word）和上报本都能在这里生成", "Report, reviewer's letter and the copy to hand in are made here, too"],
  licences: ["所用软件的许可", "Licences"],
  files: ["文件", "Files"],
  switch: ["看哪一边", "View"],
  viewList: ["问题", "Findings"],
  viewForm: ["表", "Form"],
  findings: ["问题清单", "Findings"],
  groupBy: ["分组", "Group by"],
  byCause: ["按事项", "item"],
  bySeverity: ["按级别", "severity"],
  bySheet: ["按表", "sheet"],
  sheets: ["工作表", "Sheets"],
  sheet: ["表样", "The form"],
  detail: ["这一处", "This finding"],
  local: ["文件不离开这台电脑", "Files do not leave this computer"],
  version: ["版本", "Version"],
  preparing: ["正在准备，第一次要几秒钟……", "Getting ready, a few seconds…"],
  ready: ["可以使用", "Ready"],
  reading: ["正在读取 {0}", "Reading {0}"],
  checking: ["正在审核 {0}", "Auditing {0}"],
  making: ["正在生成……", "Writing…"],
  done: ["{0}：审核完毕", "{0}: audited"],
  doneMany: ["{0} 份文件：审核完毕", "{0} files: audited"],
  saved: ["已下载 {0}", "Downloaded {0}"],
  error: ["错误", "Errors"],
  warning: ["核实", "To explain"],
  info: ["提示", "Notes"],
  standing: ["待改 {0} · 待说明 {1} · 已说明 {2}", "{0} to correct · {1} to explain · {2} explained"],
  compared: ["比较了 {0} 个数，{1} 个没有比较", "{0} figures compared, {1} not compared"],
  clean: ["没有要改的，也没有要说明的", "Nothing to correct, nothing to explain"],
  to_correct: ["待改正", "To correct"],
  to_explain: ["待说明", "To explain"],
  changed: ["数字已变，请重新说明", "Figures changed: explain anew"],
  explained: ["已说明", "Explained"],
  unread: ["没有读懂、没有核对", "Not understood, not compared"],
  against: ["正文与表不符", "Text and tables differ"],
  role_book: ["自评表", "evaluation"],
  role_projects: ["项目表", "project"],
  role_goals: ["目标表", "goals"],
  role_monitoring: ["监控表", "monitoring"],
  role_against: ["报告", "report"],
  between: ["各文件互相核对", "Between the files"],
  notCompared: ["没有核对", "Not compared"],
  place: ["位置", "Place"],
  stated: ["填报数", "Stated"],
  expected: ["应为", "Should be"],
  blank: ["空白", "blank"],
  operands: ["有关的格（点一下去看）", "Cells it rests on (click to go there)"],
  cause: ["可能的原因", "Likely cause"],
  why: ["为什么", "Why"],
  remedy: ["怎么办", "What to do"],
  basis: ["依据", "Basis"],
  explanation: ["审核说明（写在这里，随下载的工作簿保存）", "Explanation (kept in the workbook you download)"],
  explanationOnly: ["核实类写明原因即为“已说明”", "A written reason settles what is to be explained"],
  write: ["写入", "Write"],
  written: ["说明已写入", "Written"],
  several: ["共 {0} 处，其中第 {1} 处", "Place {1} of {0}"],
  next: ["下一处", "Next"],
  before: ["上一处", "Previous"],
  cut: ["表太大，只画出前 {0} 行、{1} 列；审核的是全部。", "The sheet is large: {0} rows and {1} columns are drawn, all of it is audited."],
  hiddenSheet: ["（隐藏）", " (hidden)"],
  mark: ["审核后的表", "Marked copy"],
  markTold: ["有问题的格子有底色和批注，说明一起保存", "Cells shaded, with notes; your explanations kept"],
  fill: ["填充后的表", "Filled copy"],
  fillTold: ["执行率、增长率、得分、总分等算好填入", "Rates, points, total computed and filled in"],
  final: ["上报本", "Copy to hand in"],
  finalTold: ["只有数值，没有标记和辅助的表", "Values only, no marks, no helper sheets"],
  report: ["自评报告（.docx）", "Report (.docx)"],
  reportTold: ["写好的段落照原文，数字由各表来，没写的标出", "Your paragraphs, figures from the tables, blanks marked"],
  letter: ["审核意见（.docx）", "Reviewer's letter (.docx)"],
  letterTold: ["审核的人会退回的问题，按轻重列出", "What a reviewer would send back, gravest first"],
  clear: ["去掉标记的表", "Without marks"],
  clearTold: ["写好的说明留着", "Written explanations stay"],
  list: ["问题清单（.xlsx）", "Findings (.xlsx)"],
  listTold: ["只有“审核结果”一张表", "The list of findings alone"],
  roll: ["下一年的工作簿", "Next year's workbook"],
  rollTold: ["决算数成为上年数，指标和文字作为草稿", "Actuals become last year's, texts become drafts"],
  import: ["导入成工作簿", "As a workbook"],
  importTold: ["报告和表里的数填进自评工作簿", "What the files state, in a workbook of ours"],
  tooLarge: ["{0} 有 {1} MB，超过 {2} MB，没有读入。请检查是否选错了文件。", "{0} has {1} MB, more than {2} MB, and was not read."],
  tooMany: ["一次最多 {0} 份文件，请分几次审核。", "At most {0} files at a time."],
  sameName: ["有两份文件都叫 {0}，请改名后再放进来。", "Two files are called {0}: please rename one."],
  timeout: [
    "超过一分钟没有做完，已停下来重新准备。文件可能太大或不正常；可以用 xlperf 命令行版再试。",
    "It took longer than a minute and was stopped. The file may be too large or damaged.",
  ],
  stopped: [
    "已停止，正在重新准备，这时就可以放别的文件。原文件没有改动；写在页面里、没有下载的审核说明没有保留。",
    "Stopped, and getting ready anew: other files may be dropped now. Your file is unchanged; explanations not downloaded are gone.",
  ],
  ended: [
    "内存不够，没有做完，已重新准备。文件可能太大或不正常；可以用 xlperf 命令行版再试。",
    "There was not enough memory, and it was started anew. The file may be too large or damaged.",
  ],
  failed: ["没有做成：{0}", "It was not done: {0}"],
  startFailed: ["没有启动成功：{0}。请关闭其他网页后重新打开本文件。", "It did not start: {0}. Close other pages and open this file again."],
  yearWrong: ["评价年度请写四位数字，如 2025。", "Please write the year in four digits."],
};

let english = false;
try {
  english = localStorage.getItem("xlperf-language") === "en";
} catch {
  english = false; // a page opened from a file may have no storage
}

export const isEnglish = () => english;

export function word(key, ...given) {
  const text = WORDS[key]?.[english ? 1 : 0] ?? key;
  return text.replace(/\{(\d)\}/g, (_, at) => given[at]);
}

export function switchLanguage() {
  english = !english;
  try {
    localStorage.setItem("xlperf-language", english ? "en" : "zh");
  } catch {
    // not kept, then
  }
}

export function label(root = document) {
  document.documentElement.lang = english ? "en" : "zh-CN";
  document.title = word("title");
  for (const each of root.querySelectorAll("[data-text]")) each.textContent = word(each.dataset.text);
  for (const each of root.querySelectorAll("[data-label]")) each.setAttribute("aria-label", word(each.dataset.label));
}
