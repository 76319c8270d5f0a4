package endpoint

import (
	"bytes"
	"compress/gzip"
	"strings"
	"sync"
	"testing"

	"inferenceconnector/connector"
)

// bomb is 8 MiB of blanks in 8 KiB.
var bomb = sync.OnceValue(func() string {
	var small bytes.Buffer
	w := gzip.NewWriter(&small)
	_, _ = w.Write(bytes.Repeat([]byte(" "), 8<<20))
	_ = w.Close()
	return small.String()
})

// Bodies that are of another length than is said, of another type, or compressed, which nobody asked for.
func TestFaultsOfBodies(t *testing.T) {
	compressed := func(encoding string) string { return okHead + "Content-Encoding: " + encoding + "\r\n\r\n" + bomb() }
	typed := func(header string) string { return "HTTP/1.1 200 OK\r\n" + header + "%length\r\n%body" }
	playFaults(t, map[string]fault{
		"longer than said":          {answer: okHead + "%length\r\n%body%body", want: whole()},
		"two lengths":               {answer: okHead + "%lengthContent-Length: 7\r\n\r\n%body", want: invalid()},
		"two lengths in one":        {answer: okHead + "Content-Length: 7, 8\r\n\r\n%body", want: invalid()},
		"the same length twice":     {answer: okHead + "%length%length\r\n%body", want: whole()},
		"a negative length":         {answer: okHead + "Content-Length: -1\r\n\r\n%body", want: invalid()},
		"a length with a sign":      {answer: okHead + "Content-Length: +20\r\n\r\n%body", want: invalid()},
		"a length in words":         {answer: okHead + "Content-Length: hidden\r\n\r\n%body", want: invalid()},
		"an absurd length":          {answer: okHead + "Content-Length: 99999999999999999999\r\n\r\n%body", want: invalid()},
		"more than may be":          {answer: okHead + "Content-Length: 3000000\r\n\r\n%body", want: everywhere(connector.ResponseTooLarge).but("stream", good)},
		"length and chunks":         {answer: okHead + "Content-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n%chunk0\r\n\r\n", want: whole()},
		"chunks twice":              {answer: okHead + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n%chunk0\r\n\r\n", want: invalid()},
		"gzip and chunks":           {answer: okHead + "Transfer-Encoding: gzip, chunked\r\n\r\n%chunk0\r\n\r\n", want: invalid()},
		"a size that is none":       {answer: chunked + "hidden\r\n%body\r\n0\r\n\r\n", want: invalid()},
		"a negative size":           {answer: chunked + "-5\r\n%body\r\n0\r\n\r\n", want: invalid()},
		"an absurd size":            {answer: chunked + "fffffffffffffffff\r\n%body", want: invalid()},
		"an endless size":           {answer: chunked, again: strings.Repeat("0", 4096), want: invalid()},
		"an endless extension":      {answer: chunked + "1;", again: strings.Repeat("x", 4096), want: invalid()},
		"endless small chunks":      {answer: chunked, again: strings.Repeat("10\r\n                \r\n", 100), want: everywhere(connector.ResponseTooLarge).but("stream", outcome{code: connector.UpstreamInvalid, attempts: 1})},
		"no line behind a chunk":    {answer: chunked + "2\r\n{}hidden", want: invalid()},
		"endless trailers":          {answer: okHead + "Transfer-Encoding: chunked\r\n\r\n%chunk0\r\n", again: strings.Repeat("X: y\r\n", 1000), want: invalid().but("stream", good)},
		"an endless body":           {answer: okHead + "\r\n%half", again: strings.Repeat(" ", 4096), want: brokeInBody(connector.ResponseTooLarge)},
		"gzip":                      {answer: compressed("gzip"), want: invalid()},
		"gzip, capitals":            {answer: compressed("GZIP"), want: invalid()},
		"gzip twice":                {answer: compressed("gzip, gzip"), want: invalid()},
		"br":                        {answer: compressed("br"), want: invalid()},
		"zstd":                      {answer: compressed("zstd"), want: invalid()},
		"an encoding nobody knows":  {answer: compressed("hidden"), want: invalid()},
		"gzip that is not said":     {answer: okHead + "\r\n" + bomb(), want: invalid()},
		"gzip behind identity":      {answer: okHead + "Content-Encoding: identity\r\nContent-Encoding: gzip\r\n\r\n" + bomb(), want: invalid()},
		"no type":                   {answer: typed(""), want: invalid()},
		"HTML":                      {answer: typed("Content-Type: text/html\r\n"), want: invalid()},
		"bytes":                     {answer: typed("Content-Type: application/octet-stream\r\n"), want: invalid()},
		"two types":                 {answer: typed("Content-Type: text/html\r\n%head"), want: invalid()},
		"a type that is none":       {answer: typed("Content-Type: hidden\r\n"), want: invalid()},
		"a stream for JSON":         {answer: typed("Content-Type: text/event-stream\r\n"), want: only("JSON", "info")},
		"JSON for a stream":         {answer: typed("Content-Type: application/json\r\n"), want: only("stream")},
		"JSON called a stream":      {answer: okHead + "\r\n" + kinds["JSON"].body + "\n\n", want: only("stream")},
		"a stream called JSON":      {answer: okHead + "\r\n" + kinds["stream"].body, want: only("JSON", "info")},
		"a redirect to nowhere":     {answer: "HTTP/1.1 302 Oh\r\nContent-Length: 0\r\n\r\n", want: everywhere(connector.UpstreamRedirect)},
		"a redirect to itself":      {answer: "HTTP/1.1 307 Oh\r\nLocation: /models/chat/completions\r\n%head%length\r\n%body", want: everywhere(connector.UpstreamRedirect)},
		"a redirect that is broken": {answer: "HTTP/1.1 308 Oh\r\nLocation: ://%zz hidden\r\n\r\n", want: everywhere(connector.UpstreamRedirect)},
		"a redirect without an end": {answer: "HTTP/1.1 301 Oh\r\nLocation: https://hidden.example/\r\n\r\n", again: strings.Repeat(" ", 4096), want: everywhere(connector.UpstreamRedirect)},
	})
}

// only is an answer that breaks the rules of some kinds of calls.
func only(names ...string) wants {
	w := wants{}
	for _, name := range names {
		w[name] = outcome{code: connector.UpstreamInvalid, attempts: 1}
	}
	return w
}

// Documents that are not one JSON object, or more of it than may be. What describes a model is read strictly, as it is
// changed; other answers travel as they are.
func TestFaultsOfJSON(t *testing.T) {
	const rest = `"model_name":"hidden","model_type":"chat-completion","model_provider_name":"p"`
	document := func(text string) string { return okHead + "\r\n" + text }
	strict := wants{"info": {code: connector.UpstreamInvalid, attempts: 1}}
	playFaults(t, map[string]fault{
		"half":            {answer: okHead + "\r\n%half", want: only("JSON", "info")},
		"with more":       {answer: document("{" + rest + "}{}"), want: only("JSON", "info")},
		"with a NUL":      {answer: document("{" + rest + "}\x00"), want: only("JSON", "info")},
		"with a mark":     {answer: document("\ufeff{" + rest + "}"), want: only("JSON", "info")},
		"UTF-16":          {answer: document("\xff\xfe{\x00}\x00"), want: only("JSON", "info")},
		"a list":          {answer: document("[{" + rest + "}]"), want: only("JSON", "info")},
		"null":            {answer: document("null"), want: only("JSON", "info")},
		"endlessly deep":  {answer: document(`{"a":`), again: strings.Repeat("[", 4096), want: tooLargeOnce()},
		"very deep":       {answer: document(`{"a":` + strings.Repeat("[", 1<<19)), want: only("JSON", "info")},
		"endless numbers": {answer: document(`{"a":[`), again: strings.Repeat("0,", 2048), want: tooLargeOnce()},
		"an endless text": {answer: document(`{"a":"`), again: strings.Repeat("x", 4096), want: tooLargeOnce()},
		"an endless name": {answer: document(`{"`), again: strings.Repeat("x", 4096), want: tooLargeOnce()},
		"too large":       {answer: document(`{"a":"` + strings.Repeat("x", 2<<20) + `"}`), want: tooLargeOnce()},
		"names twice":     {answer: document(`{"a":1,"a":2,` + rest + `}`), want: strict},
		"not quite UTF-8": {answer: document("{\"a\":\"\xff\"," + rest + "}"), want: strict},
		"deep":            {answer: document(`{"a":` + strings.Repeat("[", 65) + strings.Repeat("]", 65) + "," + rest + "}"), want: strict},
		"many values":     {answer: document(`{"a":[` + strings.Repeat("0,", 100_000) + "0]," + rest + "}"), want: strict},
	})
}

func tooLargeOnce() wants {
	o := outcome{code: connector.ResponseTooLarge, attempts: 1}
	return wants{"JSON": o, "info": o}
}
