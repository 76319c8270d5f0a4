package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const eventsOfTemplate = `            Method: ANY
        ScheduleendUofHday:
          Type: ScheduleV2
          Properties:
            OmitName: true
            ScheduleExpression: 'cron(30 18 * * ? *)'
            ScheduleExpressionTimezone: 'Europe/Lisbon'
            Input: '{"schedule":"end_of-day"}'
            RetryPolicy:
              MaximumEventAgeInSeconds: 300
              MaximumRetryAttempts: 2
        Schedulemorning:
          Type: ScheduleV2
          Properties:
            OmitName: true
            ScheduleExpression: 'cron(0 7 ? * 2-6 *)'
            ScheduleExpressionTimezone: 'Europe/Lisbon'
            Input: '{"schedule":"morning"}'
            RetryPolicy:
              MaximumEventAgeInSeconds: 300
              MaximumRetryAttempts: 2

Outputs:
`

func TestLambdaSchedules(t *testing.T) {
	out, printed := packEventful(t, "lambda")
	source, written := readText(t, "scripts/lambda/template.yaml"), readText(t, filepath.Join(out, "template.yaml"))
	if !strings.Contains(written, eventsOfTemplate) {
		t.Errorf("got\n%s\nwhich has not\n%s", written, eventsOfTemplate)
	}
	if got := strings.Replace(written, eventsOfTemplate, "            Method: ANY\n"+place+"\nOutputs:\n", 1); got != source {
		t.Errorf("more than the schedules differs:\n%s", got)
	}
	keepsSecrets(t, out, printed)
}

func TestTemplateWithoutSchedulesStaysAsItIs(t *testing.T) {
	text := readText(t, "../lambda/template.yaml")
	if got, err := lambdaBeside("template.yaml", text, connections{}); err != nil || got != text {
		t.Errorf("got %q (%v)", got, err)
	}
	if !strings.Contains(text, "      EventInvokeConfig:\n        MaximumEventAgeInSeconds: 300\n        MaximumRetryAttempts: 0\n") {
		t.Error("a failed run would be made again, and paid for again")
	}
	for number, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") { // what YAML forbids, and our way of writing it
		if indent := len(line) - len(strings.TrimLeft(line, " ")); strings.Contains(line, "\t") || indent%2 != 0 || strings.HasSuffix(line, " ") {
			t.Errorf("line %d is indented or ended oddly: %q", number+1, line)
		}
	}
}

func TestMistakesOfSchedulesOnLambda(t *testing.T) {
	t.Chdir("../..")
	out := filepath.Join(t.TempDir(), "out")
	lines := refused(t, []string{"lambda", "--out", out, "--connections", write(t, "c.json", `{`+usable+`,"schedules":{
		"often":{"cron":"*/30 * * * * *","action":"ListModels"},"never":{"cron":"61 * * * *","action":"ListModels"},
		"Big":{"cron":"0 0 7 * * *","action":"ListModels"},"here":{"cron":"0 0 7 * * *","timeZone":"Lisbon","action":"ListModels"}}}`)})
	for i, want := range []string{"schedules.often.cron must have 0 as its second", "schedules.never.cron ", "schedules.Big must be a name", "schedules.here.timeZone must be"} {
		if len(lines) != 4 || !strings.HasPrefix(lines[i], want) {
			t.Errorf("got lines %q, want one that begins with %q", lines, want)
		}
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("something was written")
	}
}

func readText(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
