package endpoint

import (
	"strings"
	"testing"

	"inferenceconnector/connector"
)

// Streams that break their rules: before the first event that is a plain error, behind it the last event is one, and
// never [DONE] (R20, R22, R23).
func TestFaultsOfStreams(t *testing.T) {
	unbegun := wants{"stream": {code: connector.UpstreamInvalid, attempts: 1}}
	begun := wants{"stream": {code: connector.UpstreamStreamBroken, attempts: 1, begun: true}}
	reported := wants{"stream": {code: connector.UpstreamStreamBroken, attempts: 1}}
	fine := wants{"stream": good}
	first := func(text string) string { return okHead + "\r\n" + text }
	second := func(text string) string { return okHead + "\r\n" + event1 + text }
	long := "data: {\"id\":\"hidden" + strings.Repeat("x", maxEvent) + "\"}\n\n"
	playFaults(t, map[string]fault{
		"empty":                       {answer: first(""), want: unbegun},
		"comments alone":              {answer: first(": hidden\n\n: hidden\n\n"), want: unbegun},
		"no [DONE]":                   {answer: second(""), want: begun},
		"no [DONE], a good end":       {answer: okHead + "Transfer-Encoding: chunked\r\n\r\nf\r\n" + event1 + "\r\n0\r\n\r\n", want: begun},
		"half of [DONE]":              {answer: second("data: [DONE"), want: begun},
		"[done]":                      {answer: second("data: [done]\n\n"), want: begun},
		"[DONE] and more in it":       {answer: second("data: [DONE]hidden\n\n"), want: begun},
		"events behind [DONE]":        {answer: first("%bodydata: {\"id\":\"late\"}\n\n" + done), want: fine},
		"endless events behind":       {answer: first("%body"), again: strings.Repeat(event1, 100), want: fine},
		"endless blanks behind":       {answer: first("%body"), again: strings.Repeat("\n", 4096), want: fine},
		"silence behind [DONE]":       {answer: first("%body"), end: stays, want: fine},
		"reset behind [DONE]":         {answer: chunked + "fff\r\n%body", end: resets, want: fine},
		"[DONE] without a blank line": {answer: second("data: [DONE]\n"), want: fine},
		"CRLF":                        {answer: first("data: {\"n\":1}\r\n\r\ndata: [DONE]\r\n\r\n"), want: fine},
		"CRLF and LF":                 {answer: first("data: {\"n\":1}\r\n\ndata: [DONE]\n\r\n"), want: fine},
		"CR alone":                    {answer: first("data: {\"id\":\"hidden\"}\r\rdata: [DONE]\r\r"), want: unbegun},
		"CR alone, later":             {answer: second("data: {\"id\":\"hidden\"}\r\rdata: [DONE]\r\r"), want: begun},
		"too long first":              {answer: first(long), want: unbegun},
		"too long":                    {answer: second(long), want: begun},
		"too long a comment":          {answer: second(":" + long), want: begun},
		"an endless line first":       {answer: first("data: "), again: strings.Repeat("x", 4096), want: unbegun},
		"an endless line":             {answer: second("data: {\""), again: strings.Repeat("x", 4096), want: begun},
		"an endless comment":          {answer: second(":"), again: strings.Repeat("x", 4096), want: begun},
		"an endless event":            {answer: second(""), again: strings.Repeat("data: x\n", 500), want: begun},
		"an endless field":            {answer: second(""), again: strings.Repeat("x", 4096), want: begun},
		"no JSON first":               {answer: first("data: hidden\n\n"), want: unbegun},
		"no JSON":                     {answer: second("data: hidden\n\n" + done), want: begun},
		"a list":                      {answer: second("data: [\"hidden\"]\n\n" + done), want: begun},
		"two objects":                 {answer: second("data: {\"id\":\"hidden\"}{}\n\n" + done), want: begun},
		"half an object":              {answer: second("data: {\"id\":\"hidden\"\n\n" + done), want: begun},
		"NULs":                        {answer: second(strings.Repeat("\x00", 4096)), want: begun},
		"UTF-16":                      {answer: first("\xff\xfed\x00a\x00t\x00a\x00:\x00"), want: unbegun},
		"HTML":                        {answer: first("<html>\n\nhidden\n\n</html>\n"), want: unbegun},
		"an error first":              {answer: first("data: {\"error\":{\"message\":\"no\"}}\n\n" + done), want: reported},
		"an error":                    {answer: second("data: {\"error\":{\"message\":\"no\"}}\n\n" + done), want: begun},
		"an event of error first":     {answer: first("event: error\ndata: {\"message\":\"no\"}\n\n"), want: reported},
		"an event of error":           {answer: second("event: error\ndata: {\"message\":\"no\"}\n\n" + done), want: begun},
		"an event of error, no JSON":  {answer: second("event: error\ndata: no\n\n" + done), want: begun},
		"an error with the key":       {answer: second("data: {\"error\":{\"message\":\"" + secretText + "\"}}\n\n"), want: begun},
		"no JSON but the key":         {answer: second("data: {\"" + secretText + "\" 1}\n\n"), want: begun},
	})
}
