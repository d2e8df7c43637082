use std::collections::BTreeMap;

use gm_index::{Index, fold};
use serde_json::Value;

use crate::support::{Sandbox, occurrences, report, shared};

fn rows(panel: &Value) -> &Vec<Value> {
    panel["rows"].as_array().unwrap()
}

/// The sum of a column over the rows of a group.
fn sum(panel: &Value, group: &str, column: &str) -> u64 {
    rows(panel).iter().filter(|row| row["group"] == group).map(|row| row[column].as_u64().unwrap()).sum()
}

#[test]
fn every_group_has_a_row_for_every_cell() {
    let sandbox = Sandbox::with_corpus();
    sandbox.run(&["build", "corpus"]);
    sandbox.write("terms.txt", "# 组\n乡村: 典型村 | 村\n没有: 元宇宙\n");
    let panel = sandbox.json(&["panel", "--terms", "terms.txt", "--by", "place,year,part"]);
    let of = |group: &str| rows(&panel).iter().filter(|row| row["group"] == group).count();
    assert!(of("乡村") > 3 && of("乡村") == of("没有"), "{panel}");
    let expected: usize = report().lines().map(|line| occurrences(line, "村")).sum();
    assert_eq!(sum(&panel, "乡村", "occurrences"), expected as u64, "典型村 holds 村 and counts once");
    assert_eq!(sum(&panel, "没有", "occurrences"), 0);
    let chars: usize = report().lines().map(|line| fold(line).text.chars().count()).sum();
    assert_eq!(sum(&panel, "没有", "chars"), chars as u64);
}

#[test]
fn nested_terms_count_as_told() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", "数字经济发展，经济发展，人人人都好。");
    sandbox.run(&["build", "a.txt"]);
    sandbox.write("terms.txt", "数字: 数字经济 | 经济\n经济: 经济\n人: 人人\n");
    let of = |overlaps: &str| {
        let panel = sandbox.json(&["panel", "--terms", "terms.txt", "--overlaps", overlaps]);
        ["数字", "经济", "人"].map(|group| (sum(&panel, group, "occurrences"), sum(&panel, group, "term_chars")))
    };
    assert_eq!(of("once"), [(2, 6), (2, 4), (2, 3)], "of 人人人 there are three characters");
    assert_eq!(of("all"), [(3, 8), (2, 4), (2, 4)]);
    assert_eq!(of("longest"), [(2, 6), (0, 0), (1, 2)], "what two groups hold counts for the first");
}

#[test]
fn hashes_name_the_corpus_and_the_terms() {
    let sandbox = Sandbox::with_corpus();
    sandbox.run(&["build", "corpus"]);
    sandbox.write("terms.txt", "村: 典型村\n");
    let hashes = || {
        let panel = sandbox.json(&["panel", "--terms", "terms.txt"]);
        [panel["corpus"].as_str().unwrap().to_string(), panel["terms"].as_str().unwrap().to_string()]
    };
    let [corpus, terms] = hashes();
    assert!(corpus.starts_with("blake3:") && corpus.len() == 71, "{corpus}");
    sandbox.write("terms.txt", "村: 典型村|自然村\n");
    let changed = hashes();
    assert!(changed[0] == corpus && changed[1] != terms);
    sandbox.write("corpus/other.txt", "某县政府工作报告\n");
    sandbox.run(&["build", "corpus"]);
    assert_ne!(hashes()[0], corpus);
    std::fs::remove_file(sandbox.path().join("corpus/other.txt")).unwrap();
    sandbox.run(&["build", "corpus"]);
    assert_eq!(hashes()[0], corpus, "the same documents have the same hash, whatever came between");
}

#[test]
fn rows_for_spreadsheets() {
    let sandbox = Sandbox::with_corpus();
    sandbox.run(&["build", "corpus"]);
    sandbox.write("terms.txt", "村: 典型村\n云: 云计算\n");
    let run = sandbox.run(&["panel", "--terms", "terms.txt", "--csv"]);
    let lines: Vec<&str> = run.out.lines().collect();
    let head = "group,place,year,occurrences,passages,chars,words,documents,documents_with,term_chars,share_chars,share_words,first";
    assert_eq!(lines[0], head);
    assert!(lines[1].starts_with("村,广东省/湛江市/遂溪县/港门镇,2025,4,3,"), "{}", run.out);
    assert!(lines[2].starts_with("云,广东省/湛江市/遂溪县/港门镇,2025,0,0,") && lines[2].ends_with(",0.00000000,"));
    assert!(run.err.contains("corpus blake3:") && run.err.contains("terms blake3:"), "{}", run.err);
    let run = sandbox.run(&["panel", "--terms", "terms.txt", "--csv", "--bom", "--header"]);
    // as Notepad saves it
    std::fs::write(sandbox.path().join("gbk.txt"), b"\xb4\xe5: \xb5\xe4\xd0\xcd\xb4\xe5\n").unwrap();
    let gbk = sandbox.run(&["panel", "--terms", "gbk.txt", "--csv"]);
    assert!(
        gbk.out.lines().nth(1).is_some_and(|row| row.starts_with("村,广东省/湛江市/遂溪县/港门镇,2025,4,")),
        "{gbk:?}"
    );
    let count = sandbox.run(&["count", "典型村", "--csv", "--bom"]);
    assert!(count.out.starts_with("\u{feff}query,"), "{count:?}");
    assert!(run.out.starts_with("\u{feff}# gm-search ") && run.out.lines().nth(1) == Some(head), "{}", run.out);
    assert_eq!(run.err, "note: these terms stand nowhere: `\"云计算\"`; a term is a phrase, and | parts terms\n");
}

#[test]
fn faults_name_the_line_and_absence_is_an_exit_code() {
    let sandbox = Sandbox::with_corpus();
    sandbox.run(&["build", "corpus"]);
    sandbox.write("terms.txt", "# 组\n大数据 | 云计算\n");
    let run = sandbox.run(&["panel", "--terms", "terms.txt"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("terms.txt:2: the group has no name") && run.err.contains("NAME: TERM"), "{}", run.err);
    sandbox.write("terms.txt", "云: 云计算\n");
    let run = sandbox.run(&["panel", "--terms", "terms.txt"]);
    assert_eq!(run.code, 1);
    assert!(run.out.contains("云  0 occurrences in 0 passages, 1 row"), "{}", run.out);
}

/// Forty groups; several terms are nested in others of their group, some of those of other groups.
const GROUPS: &str = "
数字经济: 数字经济 | 大数据 | 云计算 | 人工智能 | 数字 | 5G
科技: 科技创新 | 科技 | 高新技术 | 科学技术 | 技术
改革: 改革开放 | 改革 | 深化改革 | 体制改革
开放: 对外开放 | 开放 | 外资 | 外贸 | 进出口
农业: 农业 | 农业现代化 | 粮食 | 粮食产量 | 农产品
农村: 农村 | 农民 | 三农 | 乡村振兴 | 乡村
工业: 工业 | 工业化 | 新型工业化 | 钢铁 | 煤炭
服务业: 服务业 | 现代服务业 | 旅游 | 文化旅游 | 物流
就业: 就业 | 城镇新增就业 | 失业 | 失业率 | 创业
教育: 教育 | 义务教育 | 职业教育 | 高等教育 | 学校
医疗: 医疗 | 医疗卫生 | 卫生 | 医院 | 公共卫生
社保: 社会保障 | 养老 | 养老保险 | 低保 | 社会保险
住房: 住房 | 保障性住房 | 房地产 | 棚户区
环境: 环境 | 环境保护 | 生态环境 | 污染 | 污染防治
生态: 生态 | 生态文明 | 绿色 | 绿色发展 | 低碳
能源: 能源 | 新能源 | 电力 | 石油 | 碳达峰
交通: 交通 | 公路 | 高速公路 | 铁路 | 高铁
水利: 水利 | 水库 | 灌溉 | 防洪
财政: 财政 | 财政收入 | 税收 | 减税 | 财政支出
金融: 金融 | 金融风险 | 银行 | 贷款 | 金融服务
物价: 物价 | 居民消费价格 | 价格 | 通货膨胀
消费: 消费 | 社会消费品零售总额 | 居民消费
投资: 投资 | 固定资产投资 | 招商引资 | 项目
企业: 企业 | 国有企业 | 民营企业 | 小微企业 | 中小企业
民营: 民营经济 | 民营 | 非公有制经济 | 个体
营商: 营商环境 | 放管服 | 简政放权 | 行政审批
法治: 法治 | 依法治国 | 依法行政 | 法律 | 法治政府
廉政: 廉政 | 廉洁 | 反腐败 | 腐败 | 党风廉政
安全: 安全 | 安全生产 | 国家安全 | 食品安全
国防: 国防 | 军队 | 国防建设 | 解放军
外交: 外交 | 和平 | 国际 | 联合国
城镇化: 城镇化 | 新型城镇化 | 城市 | 城市化
区域: 区域 | 区域协调 | 西部大开发 | 京津冀 | 长三角
脱贫: 脱贫 | 脱贫攻坚 | 扶贫 | 贫困 | 贫困人口
文化: 文化 | 文化产业 | 公共文化 | 文明
体育: 体育 | 全民健身 | 体育产业
人口: 人口 | 计划生育 | 老龄化 | 人口老龄化
社会主义: 社会主义 | 中国特色社会主义 | 社会主义建设
增长: 增长5% | 增长 | 5%左右 | 同比增长
五年: 五年计划 | 五年规划 | 十四五 | 十五五 | 十四五规划
";

/// Occurrences of a group in folded text: from the left, at each place the longest term that stands there, never twice on one
/// character.
fn count(text: &[char], terms: &[Vec<char>]) -> u64 {
    let digit = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(char::is_ascii_digit);
    let link = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(|c| matches!(c, '.' | '+'));
    let stands = |at: usize, term: &[char]| {
        let end = at + term.len();
        let grows_left = digit(at.checked_sub(1)) || link(at.checked_sub(1)) && digit(at.checked_sub(2));
        let grows_right = digit(Some(end)) || link(Some(end)) && digit(Some(end + 1));
        text[at..].starts_with(term)
            && !(grows_left && term[0].is_ascii_digit())
            && !(grows_right && term[term.len() - 1].is_ascii_digit())
    };
    let (mut at, mut count) = (0, 0);
    while at < text.len() {
        match terms.iter().filter(|term| stands(at, term)).map(|term| term.len()).max() {
            Some(length) => {
                count += 1;
                at += length;
            }
            None => at += 1,
        }
    }
    count
}

#[test]
fn forty_groups_agree_with_an_independent_counter() {
    let Some(reports) = shared("corpus/reports") else { return };
    let sandbox = Sandbox::new();
    sandbox.run(&["build", "-q", reports.to_str().unwrap()]);
    sandbox.write("terms.txt", GROUPS);
    let panel = sandbox.json(&["panel", "--terms", "terms.txt", "--by", "document"]);
    let index = Index::open(sandbox.path().join(".gm-search")).unwrap();
    let groups: Vec<(&str, Vec<Vec<char>>)> = GROUPS
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, terms)| (name, terms.split(" | ").map(|term| fold(term).text.chars().collect()).collect()))
        .collect();
    assert_eq!(groups.len(), 40);
    let mut expected: BTreeMap<(String, String), (u64, u64)> = BTreeMap::new();
    for entry in index.documents().unwrap() {
        let document = index.document(&entry.id).unwrap().unwrap();
        // paragraphs: no match runs over their ends
        let mut paragraphs: Vec<String> = Vec::new();
        for passage in &document.passages {
            match paragraphs.last_mut() {
                Some(last) if !passage.opens_paragraph => last.push_str(&document.text[passage.range.clone()]),
                _ => paragraphs.push(document.text[passage.range.clone()].to_string()),
            }
        }
        let folded: Vec<Vec<char>> = paragraphs.iter().map(|text| fold(text).text.chars().collect()).collect();
        let chars: u64 = folded.iter().map(|text| text.len() as u64).sum();
        for (name, terms) in &groups {
            let occurrences: u64 = folded.iter().map(|text| count(text, terms)).sum();
            let cell = expected.entry((name.to_string(), entry.meta.source.clone())).or_default();
            *cell = (cell.0 + occurrences, cell.1 + chars);
        }
    }
    assert_eq!(rows(&panel).len(), expected.len());
    for row in rows(&panel) {
        let [group, document] = ["group", "document"].map(|field| row[field].as_str().unwrap().to_string());
        let found = (row["occurrences"].as_u64().unwrap(), row["chars"].as_u64().unwrap());
        assert_eq!(found, expected[&(group.clone(), document.clone())], "{group} in {document}");
    }
}

#[test]
fn a_bar_within_an_expression_is_part_of_it_and_no_character_counts_twice() {
    let sandbox = Sandbox::new();
    sandbox.write("r/a.txt", "改革要深化，开放要扩大。\n\n哈哈哈哈\n");
    sandbox.run(&["build", "r"]);
    sandbox.write("terms.txt", "两者: /改革|开放/\n笑: 哈哈\n");
    let panel = sandbox.json(&["panel", "--terms", "terms.txt"]);
    assert_eq!((sum(&panel, "两者", "occurrences"), sum(&panel, "笑", "term_chars")), (2, 4), "{panel}");
}

/// What was meant as a query, or as two terms, would be a column of 0 without a word.
#[test]
fn terms_that_stand_nowhere_are_named() {
    let sandbox = Sandbox::new();
    sandbox.write("r/a.txt", "发展数字经济。\n");
    sandbox.run(&["build", "r"]);
    sandbox.write("terms.txt", "数字: 数字经济 | place:广东 数字 | 大数据、云计算\n");
    let told = "these terms stand nowhere: `\"place:广东 数字\"` `\"大数据、云计算\"`;";
    for args in [["--by", "year"].as_slice(), &["--csv"]] {
        let run = sandbox.run(&[&["panel", "--terms", "terms.txt"], args].concat());
        assert!(run.err.contains(told) && run.code == 0, "{run:?}");
    }
    sandbox.write("terms.txt", "数字: 数字经济 | 经济\n");
    let run = sandbox.run(&["panel", "--terms", "terms.txt", "--csv", "--header", "--within", "数字\n经济"]);
    assert!(run.err.is_empty() && run.out.lines().nth(1).unwrap().starts_with("group,"), "{run:?}");
}
