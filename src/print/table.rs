//! Rows of cells, and text by the columns that it takes on a terminal.

use std::io::{self, Write};

use unicode_width::UnicodeWidthChar;

use super::width;

/// Two columns for a Chinese character, one for a Latin one (UAX #11), none for a control character.
pub fn columns(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// Rows of cells under each other, two blanks apart; the first `left` columns begin together, the others, figures, end together.
pub fn table(out: &mut impl Write, rows: &[Vec<String>], left: usize) -> io::Result<()> {
    let most = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| columns(cell)).max().unwrap_or(0);
    let widths: Vec<usize> = (0..most).map(width).collect();
    for row in rows {
        let mut line = String::new();
        for (at, cell) in row.iter().enumerate() {
            let blank = " ".repeat(widths[at] - columns(cell));
            line += &match at < left {
                true => format!("  {cell}{blank}"),
                false => format!("  {blank}{cell}"),
            };
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Cuts the cells of a column of sources from the left, so that the table fits the terminal.
pub fn fit(rows: &mut [Vec<String>], column: usize) {
    // of a source less says nothing
    fit_in(rows, column, width(), 12, ending);
}

/// The same of a column of names, from the right.
pub fn fit_names(rows: &mut [Vec<String>], column: usize) {
    fit_in(rows, column, width(), 8, beginning);
}

fn fit_in(rows: &mut [Vec<String>], column: usize, width: Option<usize>, least: usize, cut: fn(&str, usize) -> String) {
    let Some(width) = width else { return };
    let most = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widest = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| columns(cell) + 2).max().unwrap_or(0);
    let others: usize = (0..most).filter(|at| *at != column).map(widest).sum();
    let room = width.saturating_sub(others + 2).max(least);
    for cell in rows.iter_mut().filter_map(|row| row.get_mut(column)) {
        *cell = cut(cell, room);
    }
}

/// As much of the beginning of a text as fits, with a mark if something is left out.
fn beginning(text: &str, room: usize) -> String {
    match columns(text) > room {
        true => format!("{}…", first_columns(text, room.saturating_sub(1))),
        false => text.to_string(),
    }
}

/// As much of the end of a text as fits, with a mark if something is left out.
pub fn ending(text: &str, room: usize) -> String {
    match columns(text) > room {
        true => format!("…{}", last_columns(text, room.saturating_sub(1))),
        false => text.to_string(),
    }
}

pub fn first_columns(text: &str, room: usize) -> String {
    let mut used = 0;
    let fits = |c: &char| {
        used += c.width().unwrap_or(0);
        used <= room
    };
    text.chars().take_while(fits).collect()
}

pub fn last_columns(text: &str, room: usize) -> String {
    let back: String = first_columns(&text.chars().rev().collect::<String>(), room);
    back.chars().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_of_sources_is_cut_from_the_left_so_that_the_table_fits() {
        let mut rows = vec![vec!["村".to_string(), "广东省/湛江市/港门镇_2025.txt:31".into(), "7".into()]; 2];
        fit_in(&mut rows, 1, Some(30), 12, ending);
        assert_eq!(rows[1], ["村", "…/港门镇_2025.txt:31", "7"]);
        fit_in(&mut rows, 1, Some(80), 12, ending);
        assert_eq!(rows[1][1], "…/港门镇_2025.txt:31");
        fit_in(&mut rows, 1, Some(12), 6, beginning);
        assert_eq!(rows[1][1], "…/港…");
    }
}
