package console_test

import (
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

var (
	inline    = regexp.MustCompile(`(?i)<script(?:\s[^>]*)?>[^<\s]|<style|\sstyle=|\son[a-z]+=|javascript:`)
	elsewhere = regexp.MustCompile(`(?i)(?:src|href|from|import|fetch|url)\s*[=(]?\s*["'(]?\s*(?:https?:)?//[a-z]`)
	asMarkup  = regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function`)
)

// What the policy would forbid is not there to begin with, and files stay short enough to be read.
func TestOwnFiles(t *testing.T) {
	entries, err := os.ReadDir("page")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.IsDir() {
			continue
		}
		text, err := os.ReadFile("page/" + entry.Name())
		if err != nil {
			t.Fatal(err)
		}
		for what, forbidden := range map[string]*regexp.Regexp{"inline code": inline, "another host": elsewhere, "text as markup": asMarkup} {
			if found := forbidden.Find(text); found != nil && path.Ext(entry.Name()) != ".svg" && (what != "inline code" || path.Ext(entry.Name()) == ".html") {
				t.Errorf("%s has %s: %s", entry.Name(), what, found)
			}
		}
		if lines := strings.Count(string(text), "\n"); path.Ext(entry.Name()) == ".js" && lines > 200 {
			t.Errorf("%s has %d lines: which two things is it?", entry.Name(), lines)
		}
	}
}
