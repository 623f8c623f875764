# Intune remediation, detection script: is a login on $Site stuck in a browser of this person? docs/fleet.md
# Assign it with "Run this script using the logged-on credentials: Yes" and "Run script in 64-bit PowerShell: Yes".
# Prints one line, and nothing to the error stream. Ends with 1 if unstick has found something that it can fix: then Intune
# runs remediate.ps1. What could not be told ("not known": not installed, a browser is open, a fault) ends with 0; with
# -FailWhenUnknown with 1, so that it is seen as a fault: remediate.ps1 looks again first and removes nothing then.
# Intune passes no parameters: write $FailWhenUnknown = $true in the line below them.
param(
    [string]$Site = 'intranet.example',
    [ValidateSet('http', 'clean', 'browser', 'none')]
    [string]$Retest = 'none',    # http: ask the site, too
    [switch]$FailWhenUnknown,
    [string]$Unstick = ''    # empty: looked for
)
# $FailWhenUnknown = $true
$Log = Join-Path $env:LOCALAPPDATA 'unstick\intune.log'

# Where unstick is, by how it came here: the MSI, winget, Scoop, a folder of the person's own; then PATH. What an administrator
# has installed comes first.
function Find-Unstick {
    $places = @(
        (Join-Path $env:ProgramFiles 'unstick\unstick.exe'),
        (Join-Path $env:ProgramFiles 'unstick\bin\unstick.exe'),
        (Join-Path $env:ProgramFiles 'WinGet\Links\unstick.exe'),
        (Join-Path $env:ProgramData 'scoop\shims\unstick.exe'),
        (Join-Path $env:LOCALAPPDATA 'Programs\unstick\unstick.exe'),
        (Join-Path $env:LOCALAPPDATA 'Microsoft\WinGet\Links\unstick.exe'),
        (Join-Path $env:USERPROFILE 'scoop\shims\unstick.exe')
    )
    foreach ($place in $places) {
        if (Test-Path -LiteralPath $place -PathType Leaf) { return $place }
    }
    $found = Get-Command -Name 'unstick.exe' -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
    if ($found) { return $found.Path }
    return ''
}

function Write-Summary([string]$Text) {
    $line = $Text -replace '[\r\n]+', ' '
    if ($line.Length -gt 2000) { $line = $line.Substring(0, 2000) }    # Intune keeps 2048
    New-Item -ItemType Directory -Force -Path (Split-Path $Log) -ErrorAction SilentlyContinue | Out-Null
    Add-Content -Path $Log -Encoding UTF8 -Value "$(Get-Date -Format s) detect: $line" -ErrorAction SilentlyContinue
    Write-Output $line
}

# Runs it and gives its exit code and its report, $null if it has said nothing that can be read. Nothing goes to the error
# stream: with --json unstick has no messages, and what keeps it from starting is in Fault.
function Invoke-Unstick([string[]]$Arguments) {
    try { [Console]::OutputEncoding = New-Object System.Text.UTF8Encoding } catch { }    # there may be no console
    try {
        $output = & $Unstick @Arguments 2>$null
        $code = $LASTEXITCODE
    } catch {
        return @{ Code = -1; Report = $null; Fault = $_.Exception.Message }
    }
    try { $report = ($output -join "`n") | ConvertFrom-Json } catch { $report = $null }
    return @{ Code = $code; Report = $report; Fault = "exit code $code and no report" }
}

$unknown = [int][bool]$FailWhenUnknown
if (-not $Unstick) { $Unstick = Find-Unstick }
if (-not $Unstick -or -not (Test-Path -LiteralPath $Unstick)) {
    Write-Summary 'not known: unstick is not installed'
    exit $unknown
}
$ran = Invoke-Unstick @('why', $Site, '--json', '--retest', $Retest)
$report = $ran.Report
if ($null -eq $report) {
    Write-Summary "not known: $($ran.Fault)"
    exit $unknown
}

if ($ran.Code -eq 10) {
    $rules = @($report.findings | ForEach-Object { $_.rule }) -join ', '
    Write-Summary "needs a fix: $rules. $($report.verdict.text)"
    exit 1
}
if ($ran.Code -eq 0 -or $ran.Code -eq 9) {
    Write-Summary "nothing wrong: $($report.verdict.text)"
    exit 0
}
Write-Summary "not known: exit code $($ran.Code). $($report.verdict.text)"
exit $unknown
