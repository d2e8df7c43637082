//! Draws series over years as an SVG picture; [`svg`] is the entry point, and [`png`] makes pixels of it. Knows nothing of
//! queries and files. The text of an SVG stays text: whoever shows it needs a font with Chinese characters, and every system on
//! which Chinese is read has one of [`FONTS`]. For a PNG this system must have one.

use anyhow::{Context, Result, anyhow};
use plotters::coord::Shift;
use plotters::element::{Drawable, PointCollection};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{self, fontdb};
use unicode_width::UnicodeWidthStr;

use crate::fail::advised;
use crate::tame::tame;

/// Fonts with Chinese characters on Linux, macOS and Windows, then whatever the system takes for a font without serifs.
const FONTS: &str =
    "Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, WenQuanYi Micro Hei, sans-serif";

/// Colours that the colour-blind tell apart (Okabe and Ito, Color Universal Design, 2008), without its yellow, which white
/// paper swallows. Series also differ by their marks.
const COLOURS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(230, 159, 0),
    RGBColor(0, 0, 0),
];

/// Pixels, before whoever shows the picture scales it.
const WIDTH: u32 = 960;
const PLOT_HEIGHT: u32 = 420;
const TITLE_HEIGHT: u32 = 36;
const LEGEND_ROW: u32 = 24;
const MARGIN: i32 = 16;

/// Sizes of text, in pixels. plotters divides by 1.24 what it is given.
const TITLE: f64 = 18.0 * 1.24;
const LABEL: f64 = 13.0 * 1.24;

/// A named line. A year that is not there breaks it: nothing is known of it. A value of 0 is a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    pub name: String,
    /// Years ascending, each once.
    pub values: Vec<(u16, f64)>,
    /// The years whose values say little; their marks are hollow.
    pub hollow: Vec<u16>,
}

/// The picture of some series over a common scale that begins at 0; `unit` says what the values are. Of no values at all it
/// draws the empty frame.
pub fn svg(title: &str, unit: &str, series: &[Series]) -> String {
    let mut picture = String::new();
    let legend = legend(series);
    let rows = legend.last().map_or(0, |entry| entry.row + 1);
    let height = TITLE_HEIGHT + rows * LEGEND_ROW + PLOT_HEIGHT;
    let root = SVGBackend::with_string(&mut picture, (WIDTH, height)).into_drawing_area();
    draw(&root, title, unit, series, &legend).expect("writing to a string does not fail");
    drop(root);
    picture
}

/// Pixels of a PNG for each of the picture: sharp on paper and on fine screens.
const SCALE: f32 = 2.0;

/// A picture made by [`svg`] as a PNG. Fails if no font of this system has Chinese characters, which would be missing in it.
pub fn png(svg: &str) -> Result<Vec<u8>> {
    let mut options = usvg::Options::default();
    options.fontdb_mut().load_system_fonts();
    let chinese = options.fontdb.faces().find(|face| has_chinese(&options.fontdb, face.id));
    let Some((family, _)) = chinese.and_then(|face| face.families.first()).cloned() else {
        return Err(advised(
            "cannot draw a PNG: no font of this system has Chinese characters".to_string(),
            "install one (Debian: `apt install fonts-noto-cjk`), or draw an SVG with --plot FILE.svg",
        ));
    };
    // the last of FONTS, where there is none of the others: else nothing at all would be written
    options.fontdb_mut().set_sans_serif_family(family);
    let tree = usvg::Tree::from_str(svg, &options).context("cannot draw a PNG")?;
    let size = tree.size().to_int_size().scale_by(SCALE).context("cannot draw a PNG of this size")?;
    let mut picture = Pixmap::new(size.width(), size.height()).context("cannot draw a PNG of this size")?;
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut picture.as_mut());
    picture.encode_png().map_err(|error| anyhow!("cannot draw a PNG: {error}"))
}

fn has_chinese(fonts: &fontdb::Database, id: fontdb::ID) -> bool {
    let has =
        |data: &[u8], face| ttf_parser::Face::parse(data, face).is_ok_and(|face| face.glyph_index('年').is_some());
    fonts.with_face_data(id, has).unwrap_or(false)
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

fn draw(root: &Area<'_>, title: &str, unit: &str, series: &[Series], legend: &[Entry]) -> Drawn {
    root.fill(&WHITE)?;
    let style = |size: f64| (FONTS, size).into_font().color(&BLACK);
    let left = Pos::new(HPos::Left, VPos::Center);
    root.draw_text(&tame(title), &style(TITLE).pos(left), (MARGIN, TITLE_HEIGHT as i32 / 2 + 4))?;
    for (at, (entry, series)) in legend.iter().zip(series).enumerate() {
        let y = TITLE_HEIGHT as i32 + (entry.row * LEGEND_ROW + LEGEND_ROW / 2) as i32;
        let x = MARGIN + entry.x as i32;
        root.draw(&PathElement::new(vec![(x, y), (x + 24, y)], colour(at).stroke_width(2)))?;
        root.draw(&mark(at, (x + 12, y)))?;
        root.draw_text(&tame(&series.name), &style(LABEL).pos(left), (x + 30, y))?;
    }
    let top = TITLE_HEIGHT + legend.last().map_or(0, |entry| entry.row + 1) * LEGEND_ROW;
    let (_, area) = root.split_vertically(top);
    let all = || series.iter().flat_map(|series| &series.values);
    let (first, last) = all().fold((u16::MAX, 0), |(first, last), &(year, _)| (first.min(year), last.max(year)));
    let (first, last) = if first > last { (0, 1) } else { (first, last) };
    let most = all().fold(0.0, |most, &(_, value)| f64::max(most, value));
    let most = if most > 0.0 { most * 1.05 } else { 1.0 };
    // half a year of air, so that no mark sits on the frame
    let years = first as f64 - 0.5..last as f64 + 0.5;
    let mut chart = ChartBuilder::on(&area)
        .margin(MARGIN)
        .set_label_area_size(LabelAreaPosition::Left, 64)
        .set_label_area_size(LabelAreaPosition::Bottom, 32)
        .build_cartesian_2d(years, 0.0..most)?;
    let span = (last - first) as usize + 1;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(WHITE)
        .bold_line_style(RGBColor(221, 221, 221))
        .x_labels(span.min(12))
        .x_label_formatter(&|year| if year.fract() == 0.0 { format!("{year:.0}") } else { String::new() })
        .y_labels(6)
        .y_label_formatter(&|value| if *value < 10.0 && most < 10.0 { trim(*value) } else { format!("{value:.0}") })
        .y_desc(tame(unit))
        .label_style(style(LABEL))
        .axis_desc_style(style(LABEL))
        .draw()?;
    for (at, series) in series.iter().enumerate() {
        for run in series.values.chunk_by(|a, b| a.0 + 1 == b.0) {
            let points = run.iter().map(|&(year, value)| (year as f64, value));
            chart.draw_series(LineSeries::new(points, colour(at).stroke_width(2)))?;
        }
        chart.draw_series(series.values.iter().map(|&(year, value)| mark(at, (year as f64, value))))?;
        let hollow = series.values.iter().filter(|(year, _)| series.hollow.contains(year));
        chart.draw_series(hollow.map(|&(year, value)| Circle::new((year as f64, value), 2, WHITE.filled())))?;
    }
    root.present()?;
    Ok(())
}

fn colour(series: usize) -> RGBColor {
    COLOURS[series % COLOURS.len()]
}

/// The sign of a series: a full circle, a full triangle, or a cross.
fn mark<P: Clone + 'static, D: DrawingBackend>(series: usize, at: P) -> DynElement<'static, D, P>
where
    Circle<P, i32>: Drawable<D>,
    TriangleMarker<P, i32>: Drawable<D>,
    Cross<P, i32>: Drawable<D>,
    for<'a> &'a Circle<P, i32>: PointCollection<'a, P>,
    for<'a> &'a TriangleMarker<P, i32>: PointCollection<'a, P>,
    for<'a> &'a Cross<P, i32>: PointCollection<'a, P>,
{
    match series % 3 {
        0 => Circle::new(at, 3, colour(series).filled()).into_dyn(),
        1 => TriangleMarker::new(at, 5, colour(series).filled()).into_dyn(),
        _ => Cross::new(at, 4, colour(series).stroke_width(2)).into_dyn(),
    }
}

/// A number without zeros at its end.
fn trim(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// Where a series is named.
struct Entry {
    row: u32,
    x: u32,
}

/// The names one after another, in as many rows as they need.
fn legend(series: &[Series]) -> Vec<Entry> {
    let room = WIDTH - 2 * MARGIN as u32;
    let (mut row, mut x) = (0, 0);
    let mut entries = Vec::new();
    for series in series {
        // a column of a font is half as wide as it is high
        let width = 30 + series.name.width() as u32 * 7 + 24;
        if x > 0 && x + width > room {
            (row, x) = (row + 1, 0);
        }
        entries.push(Entry { row, x });
        x += width;
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(name: &str, values: &[(u16, f64)]) -> Series {
        Series { name: name.to_string(), values: values.to_vec(), hollow: Vec::new() }
    }

    #[test]
    fn every_name_and_value_is_in_the_picture() {
        let all = [series("数字经济", &[(2020, 0.0), (2021, 3.0)]), series("A<B", &[(2020, 1.5)])];
        let picture = svg("题目", "每万字", &all);
        for text in ["题目", "每万字", "数字经济", "A&lt;B", "2020", "2021", "Noto Sans CJK SC"] {
            assert!(picture.contains(text), "help: {text} is not in\n{picture}");
        }
        // two values and the sign in the legend
        assert_eq!(picture.matches("<circle").count(), 3, "{picture}");
        let hollow = Series { hollow: vec![2021], ..all[0].clone() };
        assert_eq!(svg("", "", &[hollow]).matches("<circle").count(), 4, "one is hollow");
    }

    #[test]
    fn a_year_without_report_breaks_the_line() {
        let whole = svg("", "", &[series("a", &[(2019, 1.0), (2020, 2.0), (2021, 1.0), (2022, 1.0)])]);
        let broken = svg("", "", &[series("a", &[(2018, 1.0), (2019, 2.0), (2021, 1.0), (2022, 1.0)])]);
        let is_line = |tag: &&str| tag.starts_with("polyline") && tag.contains("#0072B2");
        let lines = |picture: &str| picture.split('<').filter(is_line).count();
        assert_eq!(lines(&whole), 2, "the line and its sign in the legend");
        assert_eq!(lines(&broken), lines(&whole) + 1);
    }

    #[test]
    fn long_legends_take_more_rows_and_no_series_draws_an_empty_frame() {
        let many: Vec<Series> = (0..20).map(|n| series(&format!("第{n}个很长的名字"), &[(2020, 1.0)])).collect();
        assert!(legend(&many).last().unwrap().row > 0);
        assert!(svg("", "", &[]).contains("</svg>"));
    }
}
