use resvg::tiny_skia::Pixmap;
use serde_json::Value;

use crate::support::Sandbox;

/// Three reports of two years; 2021 has none.
fn reports() -> Sandbox {
    let sandbox = Sandbox::new();
    let report = |place: &str, year: u16, text: &str| {
        format!("{place}政府工作报告\n（{year}年1月8日）\n\n一、{}年工作回顾\n{text}\n", year - 1)
    };
    sandbox.write("a/甲县_2020.txt", report("甲县", 2020, "发展数字经济。数字经济很好。"));
    sandbox.write("a/甲县_2022.txt", report("甲县", 2022, "没有提到。"));
    sandbox.write("a/乙县_2022.txt", report("乙县", 2022, "大数据是数字经济。"));
    assert_eq!(sandbox.run(&["build", "a", "-q"]).code, 0);
    sandbox
}

fn figures(trend: &Value, field: &str) -> Vec<(u64, f64)> {
    let years = trend["years"].as_array().unwrap();
    years.iter().map(|year| (year["year"].as_u64().unwrap(), year[field].as_f64().unwrap())).collect()
}

#[test]
fn figures_by_year_with_those_of_none_and_in_proportion() {
    let sandbox = reports();
    let trends = sandbox.json(&["trend", "数字经济", "云计算", "--per", "document"]);
    let [digital, cloud] = &trends["series"].as_array().unwrap()[..] else { panic!("{trends}") };
    assert_eq!(figures(digital, "occurrences"), [(2020, 2.0), (2022, 1.0)]);
    assert_eq!(figures(digital, "value"), [(2020, 2.0), (2022, 0.5)]);
    assert_eq!(figures(cloud, "occurrences"), [(2020, 0.0), (2022, 0.0)]);
    assert_eq!((&digital["first"]["year"], &digital["last"]["year"]), (&2020.into(), &2022.into()));
    assert_eq!(digital["first"]["left"], "发展");
    assert_eq!(digital["last"]["source"], "乙县_2022.txt");
    assert!(cloud["first"].is_null());
}

#[test]
fn within_keeps_to_some_reports_for_their_sizes_too() {
    let sandbox = reports();
    let trends = sandbox.json(&["trend", "数字经济", "--within", "place:乙县", "--per", "10k"]);
    let years = &trends["series"][0]["years"];
    assert_eq!(years.as_array().unwrap().len(), 1);
    assert_eq!((&years[0]["documents"], &years[0]["occurrences"]), (&1.into(), &1.into()));
    let chars = years[0]["chars"].as_f64().unwrap();
    assert_eq!(years[0]["value"].as_f64().unwrap(), 1e4 / chars);
}

/// What the filters of a query rule out is no measure of it.
#[test]
fn filters_of_a_query_are_in_its_proportion() {
    let sandbox = reports();
    let value = |args: &[&str]| {
        let trends = sandbox.json(&[&["trend"], args, &["--per", "10k"]].concat());
        let series = trends["series"].as_array().unwrap().clone();
        series.iter().map(|trend| figures(trend, "value")).collect::<Vec<_>>()
    };
    let of = |place: &str| value(&["数字经济", "--within", place]).remove(0);
    let both =
        value(&["甲=place:甲县 数字经济", "乙=数字经济 place:乙县", "两=place:(甲县|乙县) 数字经济", "数字经济"]);
    assert_eq!(both[..2], [of("place:甲县"), of("place:乙县")]);
    assert_eq!(both[2], both[3]);
    let same = value(&[
        "甲=place:甲县 数字经济|place:甲县 大数据",
        "甲县=句:(place:甲县 数字经济)",
        "全=place:甲县 数字经济|数字经济",
    ]);
    assert_eq!(same, [both[0].clone(), both[0].clone(), both[3].clone()], "in OR and within a sentence too");
    assert_eq!((both[0].len(), both[1].len()), (2, 1), "a year without report of the place has no figure");
}

#[test]
fn a_year_of_fragments_is_told() {
    let sandbox = reports();
    let long = format!("甲县政府工作报告\n（2021年1月8日）\n\n一、2020年工作回顾\n{}\n", "成绩不少。".repeat(200));
    for year in [2021, 2023] {
        sandbox.write(&format!("a/甲县_{year}.txt"), long.replace("2021", &year.to_string()));
    }
    sandbox.run(&["build", "a", "-q"]);
    let run = sandbox.run(&["trend", "成绩", "--within", "place:甲县 year:2021.."]);
    assert!(run.out.contains("\n2022: less than a tenth of the text"), "{}", run.out);
    assert!(!sandbox.run(&["trend", "成绩", "--within", "year:(2021|2023)"]).out.contains("tenth"));
}

/// Only what has no report at all is a gap.
#[test]
fn years_whose_reports_have_no_such_part_count_as_none() {
    let sandbox = reports();
    let text =
        "丙县政府工作报告\n（2021年1月8日）\n\n一、2020年工作回顾\n成绩不少。\n二、2021年工作安排\n发展数字经济。\n";
    sandbox.write("a/丙县_2021.txt", text);
    sandbox.run(&["build", "a", "-q"]);
    let trend = |within: &str| {
        let trends = sandbox.json(&["trend", "数字经济", "--within", within, "--per", "document"]);
        ["value", "documents"].map(|field| figures(&trends["series"][0], field))
    };
    let all = [(2020, 1.0), (2021, 1.0), (2022, 2.0)];
    assert_eq!(trend("part:任务"), [vec![(2020, 0.0), (2021, 1.0), (2022, 0.0)], all.to_vec()]);
    assert_eq!(
        trend("part:任务 (place:乙县 OR year:2021) -place:甲县"),
        [[(2021, 1.0), (2022, 0.0)], [(2021, 1.0), (2022, 1.0)]]
    );
    let run = sandbox.run(&["trend", "数字经济", "--within", "heading:没有"]);
    assert_eq!((run.code, run.out.as_str()), (1, "nothing of a known year matches heading:没有\n"));
}

#[test]
fn filters_alone_have_no_trend() {
    let run = reports().run(&["trend", "place:甲县"]);
    assert!(run.code == 2 && run.out.is_empty() && run.err.contains("--within 'place:甲县'"), "{run:?}");
}

#[test]
fn years_of_which_a_place_has_several_documents_are_named() {
    let sandbox = reports();
    let run = sandbox.run(&["trend", "数字经济"]);
    assert!(!run.out.contains("doctor"), "{}", run.out);
    let copy = std::fs::read_to_string(sandbox.path().join("a/乙县_2022.txt")).unwrap().replace('\n', "\r\n\r\n");
    sandbox.write("a/又_乙县_2022.txt", copy);
    sandbox.run(&["build", "a", "-q"]);
    let run = sandbox.run(&["trend", "数字经济"]);
    assert!(
        run.out.contains("\n2022: several documents of a place") && run.out.contains("most in 2020 2022: 2\n"),
        "{}",
        run.out
    );
    sandbox.write("a/不明.txt", "发展数字经济。\n");
    sandbox.run(&["build", "a", "-q"]);
    let run = sandbox.run(&["trend", "数字经济", "--csv"]);
    for told in ["2022: several documents of a place", "数字经济: 1 occurrence in documents whose year is not known\n"]
    {
        assert!(run.err.contains(told) && !run.out.contains(told), "{run:?}");
    }
    let trends = sandbox.json(&["trend", "数字经济"]);
    assert_eq!(figures(&trends["series"][0], "reports"), [(2020, 1.0), (2022, 2.0)]);
    let report = sandbox.json(&["doctor"]);
    assert_eq!(
        (&report["findings"][0]["kind"], &report["findings"][0]["count"]),
        (&"duplicate".into(), &1.into()),
        "{report}"
    );
}

#[test]
fn people_see_bars_and_both_ends() {
    let run = reports().run(&["trend", "数字经济"]);
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(run.code, 0);
    assert_eq!(lines[2], "数字经济  3 occurrences, most in 2020 (1 document): 2");
    assert_eq!(lines[3], "  █ ▄", "a year without report is blank");
    assert!(lines[5].starts_with("  first  2020  甲县_2020.txt:5"), "{}", run.out);
    assert_eq!(lines[6], "         发展数字经济。数字经济很好。");
}

#[test]
fn nothing_found_is_said_and_pictures_are_svg() {
    let sandbox = reports();
    let run = sandbox.run(&["trend", "元宇宙"]);
    assert_eq!(run.code, 1);
    assert!(run.out.contains("nothing found for 元宇宙"), "{}", run.out);
    let run = sandbox.run(&["trend", "数字经济", "云=云计算", "--plot", "t.svg"]);
    assert_eq!((run.code, run.err.as_str()), (0, "drew 2 lines into t.svg\n"));
    let picture = std::fs::read_to_string(sandbox.path().join("t.svg")).unwrap();
    assert!(picture.starts_with("<svg") && picture.contains("数字经济") && picture.contains("2022"), "{picture}");
    let run = sandbox.run(&["trend", "数字经济", "--plot", "t.jpg"]);
    assert!(run.code == 2 && run.err.contains("pictures are SVG or PNG"), "{}", run.err);
}

#[test]
fn a_picture_in_pixels_shows_its_chinese() {
    let sandbox = reports();
    let run = sandbox.run(&["trend", "数字经济", "--plot", "t.png"]);
    if run.err.contains("no font of this system has Chinese characters") {
        assert!(run.code == 2 && run.err.contains("fonts-noto-cjk"), "{}", run.err);
        println!("SKIPPED: this system has no font with Chinese characters, so no PNG can be drawn");
        return;
    }
    let picture = Pixmap::decode_png(&std::fs::read(sandbox.path().join("t.png")).unwrap()).unwrap();
    assert_eq!(picture.width(), 1920);
    // the title stands above all else, and is nothing but these characters
    let title = &picture.pixels()[..picture.width() as usize * 72];
    assert!(title.iter().filter(|pixel| pixel.red() < 128).count() > 300);
}

#[test]
fn rows_for_spreadsheets() {
    let run = reports().run(&["trend", "数字=数字经济|大数据", "--csv"]);
    let rows: Vec<&str> = run.out.lines().collect();
    assert!(rows[0].starts_with("query,year,occurrences,passages,documents,"), "{}", run.out);
    assert!(rows[0].ends_with(",first,reports"), "{}", run.out);
    assert!(rows[1].starts_with("数字,2020,2,1,1,1,"), "{}", run.out);
    assert!(rows[2].starts_with("数字,2022,2,1,2,1,") && rows[2].ends_with(",乙县_2022.txt:5,2"), "{}", run.out);
}

#[test]
fn first_and_last_are_told_apart_where_documents_share_a_source() {
    let sandbox = Sandbox::new();
    for (folder, place, year, words) in [("A", "甲县", 1990, "典型村一个"), ("B", "乙县", 2020, "典型村二十个")]
    {
        let text = format!("{place}政府工作报告\n（{year}年1月8日）\n\n{place}建设{words}。\n");
        sandbox.write(&format!("{folder}/报告.txt"), text);
    }
    sandbox.run(&["build", "A", "B", "-q"]);
    let trend = &sandbox.json(&["trend", "典型村"])["series"][0];
    assert_eq!((&trend["first"]["right"], &trend["last"]["right"]), (&"一个。".into(), &"二十个。".into()), "{trend}");
}
