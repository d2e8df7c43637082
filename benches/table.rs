//! One aligned Markdown table.

/// What was measured, for each engine.
pub struct Row {
    pub measure: String,
    pub better: Better,
    pub figures: [f64; 3],
}

/// Which way is good.
pub enum Better {
    More,
    Less,
}

/// Prints the rows under the names of the engines, and how many times the second one's figure the first and the third
/// have.
pub fn print(names: [&str; 3], rows: &[Row]) {
    let [ours, usual, other] = names;
    let mut cells: Vec<[String; 7]> = vec![[
        "measure".to_string(),
        "better".to_string(),
        ours.to_string(),
        usual.to_string(),
        other.to_string(),
        format!("{ours} ÷ usual"),
        "character ÷ usual".to_string(),
    ]];
    for Row { measure, better, figures } in rows {
        let better = match better {
            Better::More => "more",
            Better::Less => "less",
        };
        let [ours, usual, other] = figures.map(figure);
        let ratio = |value: f64| figure(value / figures[1]);
        let (first, second) = (ratio(figures[0]), ratio(figures[2]));
        cells.push([measure.clone(), better.to_string(), ours, usual, other, first, second]);
    }
    let widths: [usize; 7] =
        std::array::from_fn(|column| cells.iter().map(|row| row[column].chars().count()).max().unwrap_or(0));
    for (at, row) in cells.iter().enumerate() {
        let line: Vec<String> = (0..7)
            .map(|column| {
                let (cell, width) = (&row[column], widths[column]);
                if column < 2 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
            })
            .collect();
        println!("| {} |", line.join(" | "));
        if at == 0 {
            let rule = |column: usize| "-".repeat(widths[column] + 1);
            let rules: Vec<String> =
                (0..7).map(|column| if column < 2 { rule(column) + "-" } else { rule(column) + ":" }).collect();
            println!("|{}|", rules.join("|"));
        }
    }
    println!();
}

/// Three digits that count, or a dash where there is no figure.
fn figure(value: f64) -> String {
    match value.abs() {
        size if !size.is_finite() => "–".to_string(),
        0.0 => "0".to_string(),
        size if size < 0.1 => format!("{value:.3}"),
        size if size < 10.0 => format!("{value:.2}"),
        size if size < 100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}
