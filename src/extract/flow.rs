//! Lines as a document gives them: one a paragraph, and one a row of a table with its cells set apart by tabs. A row with
//! one cell, or with a long one, one of some paragraphs of running text or one that holds a table of its own, is layout, not
//! a table, so its paragraphs stay lines.

use anyhow::Result;

use crate::fail::advised;

/// The longest text.
const MOST: usize = 64 << 20;
/// A cell with more lines is a column of the page.
const LONGEST_CELL: usize = 12;
/// One with so many paragraphs is as well if one of these is running text: it ends in 。 or has more characters than an entry.
const COLUMN: usize = 5;
const LONGEST_ENTRY: usize = 40;
/// Rows inside cells inside rows; what is deeper counts to the last.
const DEEPEST: usize = 32;

/// Whether a cell is a column of the page.
fn is_column(lines: &[String]) -> bool {
    let is_running = |line: &&str| line.ends_with('。') || line.chars().nth(LONGEST_ENTRY).is_some();
    let paragraphs = || lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
    lines.len() > LONGEST_CELL || paragraphs().nth(COLUMN - 1).is_some() && paragraphs().any(|line| is_running(&line))
}

#[derive(Default)]
pub struct Flow {
    lines: Vec<String>,
    rows: Vec<Row>,
    bytes: usize,
}

#[derive(Default)]
struct Row {
    cells: Vec<Vec<String>>,
    /// Whether the last of them has text.
    has_text: bool,
    /// How many rows its cells hold.
    inner: usize,
    /// Rows that were too deep to be kept apart.
    deeper: usize,
}

impl Flow {
    /// A paragraph; it may hold line breaks. Fails where a few bytes of file have made too much text.
    pub fn paragraph(&mut self, text: &str) -> Result<()> {
        self.bytes += text.len();
        if self.bytes > MOST {
            return Err(advised(
                format!("it holds more than {} MB of text", MOST >> 20),
                "no report is that long; look at where the file comes from",
            ));
        }
        self.put(text);
        Ok(())
    }

    fn put(&mut self, text: &str) {
        let cell = self.rows.last_mut().map(|row| {
            if row.cells.is_empty() {
                row.cells.push(Vec::new());
            }
            row.has_text |= !text.trim().is_empty();
            row.cells.last_mut().expect("just made")
        });
        cell.unwrap_or(&mut self.lines).extend(text.split('\n').map(|line| line.trim_end().to_string()));
    }

    pub fn open_row(&mut self) {
        let depth = self.rows.len();
        match self.rows.last_mut() {
            Some(row) if depth == DEEPEST => row.deeper += 1,
            _ => self.rows.push(Row::default()),
        }
    }

    pub fn open_cell(&mut self) {
        if let Some(row) = self.rows.last_mut().filter(|row| row.deeper == 0) {
            row.cells.push(Vec::new());
            row.has_text = false;
        }
    }

    pub fn close_row(&mut self) {
        let Some(row) = self.rows.last_mut() else { return };
        if row.deeper > 0 {
            row.deeper -= 1;
            return;
        }
        let cells = std::mem::take(&mut row.cells);
        let inner = row.inner;
        self.rows.pop();
        if let Some(around) = self.rows.last_mut().filter(|_| cells.iter().any(|lines| !lines.is_empty())) {
            around.inner += inner.max(1);
        }
        // a table in a cell may be there for a frame; of one with rows each stays a line
        if cells.len() == 1 || inner > 1 || cells.iter().any(|lines| is_column(lines)) {
            cells.iter().flatten().for_each(|line| self.put(line));
            return;
        }
        let cells: Vec<String> = cells.iter().map(|lines| joined(lines)).collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            self.put(&cells.join("\t"));
        }
    }

    /// The row we are in, if it is kept apart.
    fn row(&self) -> Option<&Row> {
        self.rows.last().filter(|row| row.deeper == 0)
    }

    /// The cells of the row we are in. Cost: reads all of it.
    pub fn cells(&self) -> Vec<String> {
        self.row().map_or_else(Vec::new, |row| row.cells.iter().map(|lines| joined(lines)).collect())
    }

    pub fn cell_count(&self) -> usize {
        self.row().map_or(0, |row| row.cells.len())
    }

    pub fn last_cell_is_empty(&self) -> bool {
        self.row().is_some_and(|row| !row.cells.is_empty() && !row.has_text)
    }

    /// Forgets the cells of the row we are in.
    pub fn empty_row(&mut self) {
        if let Some(row) = self.rows.last_mut() {
            (row.cells, row.has_text) = (Vec::new(), false);
        }
    }

    /// How many lines there are outside of tables.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Takes back the lines since there were `len`.
    pub fn split_off(&mut self, len: usize) -> Vec<String> {
        self.lines.split_off(len.min(self.lines.len()))
    }

    /// The lines outside of tables that are open.
    pub fn text(&self) -> String {
        self.lines.join("\n")
    }

    pub fn finish(mut self) -> String {
        while !self.rows.is_empty() {
            self.close_row();
        }
        self.lines.join("\n")
    }
}

fn joined(lines: &[String]) -> String {
    let lines = lines.iter().map(|line| line.trim().replace('\t', " "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_lines_and_one_cell_is_layout() {
        let mut flow = Flow::default();
        flow.paragraph("甲\n乙").unwrap();
        flow.open_row();
        for cell in ["一", "二\n三"] {
            flow.open_cell();
            flow.paragraph(cell).unwrap();
        }
        flow.open_cell();
        flow.close_row();
        flow.open_row();
        flow.open_cell();
        flow.paragraph("丙").unwrap();
        flow.paragraph("丁").unwrap();
        flow.close_row();
        assert_eq!(flow.finish(), "甲\n乙\n一\t二 三\n丙\n丁");
    }

    #[test]
    fn a_row_that_holds_a_table_of_its_own_is_layout() {
        let mut flow = Flow::default();
        let mut cell = |rows: &[&[&str]]| {
            flow.open_row();
            flow.open_cell();
            flow.paragraph("栏").unwrap();
            flow.open_cell();
            for row in rows {
                flow.open_row();
                for cell in *row {
                    flow.open_cell();
                    flow.paragraph(cell).unwrap();
                }
                flow.close_row();
            }
            flow.close_row();
        };
        cell(&[&["题"], &["甲", "乙"]]);
        cell(&[&["框"]]);
        assert_eq!(flow.finish(), "栏\n题\n甲\t乙\n栏\t框");
    }

    #[test]
    fn a_cell_with_a_text_in_it_is_a_column_of_the_page() {
        let row = |end: &str| {
            let mut flow = Flow::default();
            flow.open_row();
            for cell in ["栏", &format!("题\n一\n二\n三\n四{end}")] {
                flow.open_cell();
                flow.paragraph(cell).unwrap();
            }
            flow.close_row();
            flow.finish()
        };
        assert_eq!([row(""), row("。")], ["栏\t题 一 二 三 四", "栏\n题\n一\n二\n三\n四。"]);
    }

    #[test]
    fn rows_and_cells_without_end_cost_nothing() {
        let mut flow = Flow::default();
        (0..1_000_000).for_each(|_| flow.open_row());
        flow.paragraph("甲").unwrap();
        assert!(flow.cells().is_empty());
        let mut flow = Flow::default();
        flow.open_row();
        for cell in 0..200_000 {
            assert!(flow.cell_count() == cell && !flow.last_cell_is_empty());
            flow.open_cell();
            assert!(flow.last_cell_is_empty());
            flow.paragraph(" \n甲").unwrap();
        }
        flow.empty_row();
        flow.paragraph("甲").unwrap();
        assert_eq!(flow.finish(), "甲");
    }
}
