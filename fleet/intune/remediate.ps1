# Intune remediation, remediation script: removes what findings name on $Site. docs/fleet.md
# Assign it as detect.ps1, with the same $Site. Prints one line, and nothing to the error stream; ends with 0 if nothing is
# left to do, else with 1, and Intune shows the remediation as failed: the line has the exit code of unstick and why.
# It looks first: where unstick finds nothing that it can fix, nothing is removed, whatever detect.ps1 has said.
param(
    [string]$Site = 'intranet.example',
    [string[]]$Options = @('--stale', '--retest', 'http'),    # without --stale: all that the site left. --close: ask the browser to quit
    [string]$Unstick = ''    # empty: looked for
)
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
    Add-Content -Path $Log -Encoding UTF8 -Value "$(Get-Date -Format s) remediate: $line" -ErrorAction SilentlyContinue
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

if (-not $Unstick) { $Unstick = Find-Unstick }
if (-not $Unstick -or -not (Test-Path -LiteralPath $Unstick)) {
    Write-Summary 'failed: unstick is not installed'
    exit 1
}
$ran = Invoke-Unstick @('why', $Site, '--json', '--retest', 'none')
if ($ran.Code -eq 10) { $ran = Invoke-Unstick (@('fix', $Site, '--yes', '--json') + $Options) }
$report = $ran.Report
if ($null -eq $report) {
    Write-Summary "failed: $($ran.Fault)"
    exit 1
}

$removed = 0
if ($report.command -eq 'fix') {
    foreach ($browserProfile in @($report.profiles)) {
        foreach ($store in @($browserProfile.stores)) { $removed += $store.removed }
    }
}
$undo = ''
if ($report.run) { $undo = " Undo: unstick undo $($report.run)" }

if ($ran.Code -eq 0 -or $ran.Code -eq 9) {
    Write-Summary "$removed items removed. $($report.verdict.text)$undo"
    exit 0
}
$why = "$($report.verdict.code)"
foreach ($problem in @($report.problems)) { $why += "; $($problem.code): $($problem.what)" }
Write-Summary "failed: exit code $($ran.Code), $removed items removed. $why.$undo"
exit 1
