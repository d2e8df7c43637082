//! Aligned Markdown tables.

use crate::engine::ENGINES;

/// What was measured, for each engine.
pub struct Row {
    pub measure: String,
    pub better: Better,
    pub figures: [f64; 3],
}

/// Which way is good.
#[derive(Clone, Copy)]
pub enum Better {
    More,
    Less,
}

impl Better {
    pub fn word(self) -> &'static str {
        match self {
            Better::More => "more",
            Better::Less => "less",
        }
    }
}

/// Prints the rows under the names of the engines, and how many times the second one's figure the first and the third
/// have.
pub fn print_engines(rows: &[Row]) {
    let [ours, usual, other] = ENGINES.map(|(name, _)| name);
    let head = ["measure", "better", ours, usual, other, &format!("{ours} ÷ usual"), "character ÷ usual"];
    let cells = rows.iter().map(|Row { measure, better, figures }| {
        let [ours, usual, other] = *figures;
        let figures = [ours, usual, other, ours / usual, other / usual].map(figure);
        [measure.clone(), better.word().to_string()].into_iter().chain(figures).collect()
    });
    print(&head, cells.collect());
}

/// Prints the rows under the head. The first two columns are words, the others figures.
pub fn print(head: &[&str], rows: Vec<Vec<String>>) {
    let head: Vec<String> = head.iter().map(|cell| cell.to_string()).collect();
    let widths: Vec<usize> = (0..head.len())
        .map(|column| {
            let cells = rows.iter().chain([&head]).map(|row| row[column].chars().count());
            cells.max().unwrap_or(0)
        })
        .collect();
    let is_word = |column: usize| column < 2;
    let print_row = |row: &[String]| {
        let cells = row.iter().zip(&widths).enumerate();
        let line: Vec<String> = cells
            .map(
                |(column, (cell, &width))| {
                    if is_word(column) { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
                },
            )
            .collect();
        println!("| {} |", line.join(" | "));
    };
    print_row(&head);
    let rule = |(column, width): (usize, &usize)| {
        let end = if is_word(column) { '-' } else { ':' };
        format!("{}{end}", "-".repeat(width + 1))
    };
    println!("|{}|", widths.iter().enumerate().map(rule).collect::<Vec<_>>().join("|"));
    rows.iter().for_each(|row| print_row(row));
    println!();
}

/// Three digits that count, or a dash where there is no figure.
pub fn figure(value: f64) -> String {
    match value.abs() {
        size if !size.is_finite() => "–".to_string(),
        0.0 => "0".to_string(),
        size if size < 0.1 => format!("{value:.3}"),
        size if size < 10.0 => format!("{value:.2}"),
        size if size < 100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}
