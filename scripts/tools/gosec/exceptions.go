package main

import "strings"

// An exception is a rule that does not hold in one place: a file, or a folder with a slash at its end.
type exception struct{ rule, place, reason string }

// exceptions are all there are: no comment in the code switches a rule off. One that excuses nothing is a mistake.
var exceptions = []exception{
	{"G101", "connector/errors.go", "codes of errors about credentials, no credentials"},
	{"G103", "schema/parse.go", "text shares memory with the body it came in, which does not change: an image is megabytes long"},
	{"G115", "connector/endpoint/brought_hosts.go", "characters above ASCII are refused in the condition before"},
	{"G115", "connector/endpoint/refusal.go", "as above"},
	{"G301", "handler/definition.go", "the files of a connector are public"},
	{"G304", "connector/endpoint/credential.go", "the operator names the certificate in the connections file"},
	{"G304", "handler/functions/app.go", "function.json and host.json of the app itself, in the folder that the host names"},
	{"G304", "handler/invoke.go", "the person at the command line names the file"},
	{"G304", "handler/settings/", "the operator names the connections file and the CA file"},
	{"G306", "handler/definition.go", "the files of a connector are public"},
	{"G404", "connector/endpoint/receiver_deliver.go", "spreads attempts over time"},
	{"G404", "connector/retry.go", "spreads attempts over time"},
	{"G404", "handler/emulator/embedding.go", "the same text must have the same vector"},
	{"G404", "handler/rest/correlation.go", "ids of requests are unique, not secret"},
	{"G705", "handler/emulator/write.go", "what it writes is JSON, and said to be"},
	{"G204", "connector/throttle/redistest/", "starts redis-server, in tests only"},
	// The doubles of the platforms run in tests only, and do what the platforms do.
	{"G112", "handler/lambda/double/", "serves the program under test, on loopback"},
	{"G204", "handler/functions/double/", "starts the program under test"},
	{"G204", "handler/lambda/double/", "starts the program under test"},
	{"G301", "handler/functions/double/", "unpacks as the platform does"},
	{"G304", "handler/functions/double/", "reads the package under test"},
	{"G401", "handler/lambda/double/", "SQS sends the MD5 of each message"},
	{"G501", "handler/lambda/double/", "SQS sends the MD5 of each message"},
	// Packaging runs on the machine of whoever ships the program, with the files that person names.
	{"G204", "scripts/package/", "go build with flags of our own"},
	{"G301", "scripts/package/", "packages are no secret; connections files hold names of settings, not keys"},
	{"G304", "scripts/package/", "the person at the command line names the files"},
	{"G306", "scripts/package/", "packages are no secret; connections files hold names of settings, not keys"},
}

func (e exception) covers(rule, file string) bool {
	return rule == e.rule && (file == e.place || strings.HasSuffix(e.place, "/") && strings.HasPrefix(file, e.place))
}
