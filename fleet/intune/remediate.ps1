# Intune remediation, remediation script: removes what findings name on $Site. docs/fleet.md
# Assign it as detect.ps1, with the same $Site. Prints one line; ends with 0 if nothing is left to do, else with 1, and
# Intune shows the remediation as failed: the line has the exit code of unstick and why.
$Site = 'intranet.example'
$Options = @('--stale', '--retest', 'http')    # without --stale: all that the site left. --close: ask the browser to quit
$Unstick = Join-Path $env:ProgramFiles 'unstick\unstick.exe'
$Log = Join-Path $env:LOCALAPPDATA 'unstick\intune.log'

function Write-Summary([string]$Text) {
    $line = $Text -replace '[\r\n]+', ' '
    if ($line.Length -gt 2000) { $line = $line.Substring(0, 2000) }    # Intune keeps 2048
    New-Item -ItemType Directory -Force -Path (Split-Path $Log) -ErrorAction SilentlyContinue | Out-Null
    Add-Content -Path $Log -Encoding UTF8 -Value "$(Get-Date -Format s) remediate: $line" -ErrorAction SilentlyContinue
    Write-Output $line
}

if (-not (Test-Path -LiteralPath $Unstick)) {
    Write-Summary "failed: there is no $Unstick"
    exit 1
}
try { [Console]::OutputEncoding = New-Object System.Text.UTF8Encoding } catch { }    # there may be no console
$output = & $Unstick fix $Site --yes --json $Options
$code = $LASTEXITCODE
try { $report = ($output -join "`n") | ConvertFrom-Json } catch { $report = $null }
if ($null -eq $report) {
    Write-Summary "failed: exit code $code and no report"
    exit 1
}

$removed = 0
foreach ($browserProfile in @($report.profiles)) {
    foreach ($store in @($browserProfile.stores)) { $removed += $store.removed }
}
$undo = ''
if ($report.run) { $undo = " Undo: unstick undo $($report.run)" }

if ($code -eq 0 -or $code -eq 9) {
    Write-Summary "$removed items removed. $($report.verdict.text)$undo"
    exit 0
}
$why = "$($report.verdict.code)"
foreach ($problem in @($report.problems)) { $why += "; $($problem.code): $($problem.what)" }
Write-Summary "failed: exit code $code, $removed items removed. $why.$undo"
exit 1
