package double

import (
	"bytes"
	"strings"
	"sync"
)

// A Level is how the host logs a line.
type Level string

// The levels of what a handler prints.
const (
	Information Level = "Information"
	Warning     Level = "Warning"
	Error       Level = "Error"
)

// errorLevel is the level of a line on standard error.
func errorLevel(text string) Level {
	if strings.Contains(strings.ToLower(text), "warn") {
		return Warning
	}
	return Error
}

// A Line is one line that the handler printed, or said in the Logs of an answer.
type Line struct {
	Level      Level
	Text       string
	Invocation string // the id of the invocation that was answered; "" for what was printed
}

// journal is what the handler printed and said so far.
type journal struct {
	mu    sync.Mutex
	lines []Line
}

func (j *journal) add(line Line) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, line)
}

func (j *journal) copy() []Line {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append([]Line(nil), j.lines...)
}

// lines cuts one output of the handler into lines.
type lines struct {
	journal *journal
	level   func(text string) Level
	rest    []byte
}

// Write implements io.Writer.
func (w *lines) Write(text []byte) (int, error) {
	w.rest = append(w.rest, text...)
	for {
		line, rest, ok := bytes.Cut(w.rest, []byte("\n"))
		if !ok {
			return len(text), nil
		}
		w.journal.add(Line{Level: w.level(string(line)), Text: string(line)})
		w.rest = rest
	}
}
