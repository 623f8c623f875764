# For the first who has Windows: does unstick do with the real Chrome (or Edge) what it says? About five minutes; prints one page
# to be sent to us (and keeps it), with nothing of yours in it: no name, no site, no cookie.
#     powershell -ExecutionPolicy Bypass -File scripts\first-run-windows.ps1 -Unstick PATH\unstick.exe
#
# What it does: the browser is started with a profile of its own in a new temporary folder; your own profile is neither opened nor
# looked at, and your browser may stay open. A web server of this script, on 127.0.0.1, lets it store a few things. It is asked
# to close, `unstick fix` removes them, the browser shows that they are gone; `unstick undo` puts them back, the browser shows
# that they are there. Then `--close` is tried, with the browser open. In the end the folder is removed.
# Needed: Windows 10 1903, Windows PowerShell 5.1 (every Windows has it), Chrome or Edge.
#
# It has never run: it was written, and parsed, where there is no Windows.
param(
    [string]$Unstick = '',
    [string]$Browser = '',    # empty: Chrome, else Edge, where their installers put them
    [int]$Port = 47811,
    [string]$Page = (Join-Path (Get-Location) 'first-run.txt')
)
$ErrorActionPreference = 'Stop'
$here = Split-Path -Parent $MyInvocation.MyCommand.Path
$site = "127.0.0.1:$Port"

if (-not $Unstick) {
    $found = Get-Command -Name 'unstick.exe' -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
    if ($found) { $Unstick = $found.Path }
}
if (-not $Unstick -or -not (Test-Path -LiteralPath $Unstick)) { Write-Output 'first-run: there is no unstick.exe: -Unstick PATH'; exit 2 }
if (-not $Browser) {
    $places = @(
        (Join-Path $env:ProgramFiles 'Google\Chrome\Application\chrome.exe'),
        (Join-Path ${env:ProgramFiles(x86)} 'Google\Chrome\Application\chrome.exe'),
        (Join-Path $env:LOCALAPPDATA 'Google\Chrome\Application\chrome.exe'),
        (Join-Path ${env:ProgramFiles(x86)} 'Microsoft\Edge\Application\msedge.exe')
    )
    $Browser = $places | Where-Object { Test-Path -LiteralPath $_ } | Select-Object -First 1
}
if (-not $Browser) { Write-Output 'first-run: there is neither Chrome nor Edge: -Browser PATH'; exit 2 }

$work = Join-Path ([System.IO.Path]::GetTempPath()) ('unstick-first-run-' + [System.Guid]::NewGuid().ToString('N'))
New-Item -ItemType Directory -Path $work | Out-Null
$profileFolder = Join-Path $work 'profile'
$state = Join-Path $work 'state'
$html = [System.IO.File]::ReadAllBytes((Join-Path $here 'first-run\page.html'))

# The site: one request after the other, as long as a page has not reported. What the browser has is in the table that it returns.
function Receive-Report([System.Net.Sockets.TcpListener]$Listener, [int]$Seconds) {
    $seen = @{}
    $until = (Get-Date).AddSeconds($Seconds)
    while ((Get-Date) -lt $until) {
        if (-not $Listener.Pending()) { Start-Sleep -Milliseconds 50; continue }
        $client = $Listener.AcceptTcpClient()
        try {
            $client.ReceiveTimeout = 5000
            $stream = $client.GetStream()
            $text = ''
            $buffer = New-Object byte[] 65536
            do {
                $count = $stream.Read($buffer, 0, $buffer.Length)
                $text += [System.Text.Encoding]::UTF8.GetString($buffer, 0, $count)
                $head = $text.IndexOf("`r`n`r`n")
                $length = 0
                if ($text -match '(?im)^Content-Length: *(\d+)') { $length = [int]$Matches[1] }
            } while ($count -gt 0 -and ($head -lt 0 -or $text.Length -lt $head + 4 + $length))
            $path = ($text -split ' ')[1]
            $headers = 'Cache-Control: no-store'
            $kind = 'text/html; charset=utf-8'
            $body = New-Object byte[] 0
            $status = '200 OK'
            $reported = $false
            if ($path -eq '/plant' -or $path -eq '/look') {
                $seen = @{ cookie = ($path -eq '/plant' -or $text -match '(?im)^Cookie:.*first_run=planted'); cached_file = ($path -eq '/look') }
                if ($path -eq '/plant') { $headers += "`r`nSet-Cookie: first_run=planted; Max-Age=86400; Path=/; HttpOnly" }
                $body = $html
            } elseif ($path -eq '/cached') {
                $seen.cached_file = -not $seen.cached_file
                $headers = 'Cache-Control: max-age=86400'
                $kind = 'text/plain'
                $body = [System.Text.Encoding]::ASCII.GetBytes('cached')
            } elseif ($path -eq '/report') {
                $said = $text.Substring($head + 4) | ConvertFrom-Json
                foreach ($property in $said.PSObject.Properties) { $seen[$property.Name] = $property.Value }
                $reported = $true
            } else {
                $status = '404 Not Found'
            }
            $answer = "HTTP/1.1 $status`r`nContent-Type: $kind`r`nContent-Length: $($body.Length)`r`nConnection: close`r`n$headers`r`n`r`n"
            $bytes = [System.Text.Encoding]::ASCII.GetBytes($answer)
            $stream.Write($bytes, 0, $bytes.Length)
            if ($body.Length -gt 0) { $stream.Write($body, 0, $body.Length) }
            $stream.Flush()
            if ($reported) { return $seen }
        } catch [System.IO.IOException] {
            # the browser opened a connection and did not use it
        } finally {
            $client.Close()
        }
    }
    throw "the browser did not report within $Seconds seconds"
}

function Open-Page([string]$Name) {
    $arguments = @("--user-data-dir=`"$profileFolder`"", '--no-first-run', '--no-default-browser-check', '--disable-background-mode',
        '--disable-features=msStartupBoost', "http://$site/$Name")
    return Start-Process -FilePath $Browser -ArgumentList $arguments -PassThru
}

# As the cross in the corner does; never killed.
function Close-Browser([System.Diagnostics.Process]$Process) {
    $Process.Refresh()
    $Process.CloseMainWindow() | Out-Null
    if (-not $Process.WaitForExit(30000)) {
        Read-Host 'Please close the window of the browser that this script has opened, and press Enter' | Out-Null
        if (-not $Process.WaitForExit(30000)) { throw 'the browser goes on' }
    }
    Start-Sleep -Seconds 2
}

function Invoke-Unstick([string[]]$Arguments) {
    [Console]::OutputEncoding = New-Object System.Text.UTF8Encoding
    $output = & $Unstick @Arguments '--state-dir' $state '--json' 2>$null
    $code = $LASTEXITCODE
    try { $report = ($output -join "`n") | ConvertFrom-Json } catch { $report = $null }
    return @{ Code = $code; Report = $report }
}

function Get-Seen([System.Net.Sockets.TcpListener]$Listener) {
    $process = Open-Page 'look'
    $seen = Receive-Report $Listener 120
    Start-Sleep -Seconds 5
    Close-Browser $process
    return $seen
}

$where = @('--user-data-dir', $profileFolder)
$remove = @('fix', $site, '--all-ports', '--yes', '--retest', 'none') + $where
$lines = New-Object System.Collections.Generic.List[string]
$good = $false
$listener = New-Object System.Net.Sockets.TcpListener([System.Net.IPAddress]::Loopback, $Port)
try {
    $listener.Start()
    Write-Output 'unstick: first run. Windows of the browser come and go; please leave them alone.'
    Write-Output '1 of 5: the browser stores something'
    $process = Open-Page 'plant'
    Receive-Report $listener 120 | Out-Null
    Start-Sleep -Seconds 40    # cookies are written half a minute late
    Close-Browser $process
    $planted = Get-Seen $listener
    $doctor = Invoke-Unstick (@('doctor') + $where)
    Write-Output '2 of 5: unstick fix, and a look'
    $fix = Invoke-Unstick $remove
    $fixed = Get-Seen $listener
    Write-Output '3 of 5: unstick undo, and a look'
    $undo = Invoke-Unstick @('undo', '--yes')
    $undone = Get-Seen $listener
    Write-Output '4 of 5: while the browser is open: nothing may be changed'
    $process = Open-Page 'look'
    Receive-Report $listener 120 | Out-Null
    $open = Invoke-Unstick $remove
    Write-Output '5 of 5: --close'
    $close = Invoke-Unstick ($remove + '--close')
    $hasClosed = $process.WaitForExit(30000)

    $lines.Add("unstick, first run on $((Get-Date).ToUniversalTime().ToString('yyyy-MM-dd'))")
    $lines.Add("system:  $([System.Environment]::OSVersion.VersionString), PowerShell $($PSVersionTable.PSVersion)")
    $lines.Add("browser: $((Get-Item -LiteralPath $Browser).VersionInfo.ProductName) $((Get-Item -LiteralPath $Browser).VersionInfo.ProductVersion)")
    foreach ($line in @(& $Unstick --version)) { $lines.Add("    $line") }
    $lines.Add('')
    $lines.Add(('{0,-16}{1,-24}{2,-24}{3,-24}' -f '', 'planted', 'after fix', 'after undo'))
    $good = $true
    $stores = 0
    foreach ($name in ($planted.Keys | Sort-Object)) {
        $words = foreach ($value in @($planted[$name], $fixed[$name], $undone[$name])) {
            if ($value -is [string]) { $value } elseif ($value) { 'there' } else { 'gone' }
        }
        $lines.Add(('{0,-16}{1,-24}{2,-24}{3,-24}' -f $name, $words[0], $words[1], $words[2]))
        if ($words[0] -eq 'there') {
            $stores += 1
            if ($words[1] -ne 'gone' -or $words[2] -ne 'there') { $good = $false }
        }
    }
    if ($stores -eq 0 -or $open.Code -ne 7 -or -not $hasClosed) { $good = $false }
    $lines.Add('')
    $steps = @(@('doctor', $doctor), @('fix', $fix), @('undo', $undo), @('fix, open', $open), @('fix --close', $close))
    foreach ($step in $steps) {
        $text = "$($step[0]): exit code $($step[1].Code)"
        if ($step[1].Report) {
            $text += ", $($step[1].Report.verdict.code)"
            foreach ($browserProfile in @($step[1].Report.profiles)) {
                foreach ($store in @($browserProfile.stores)) {
                    if ($store.found -gt 0 -or $store.removed -gt 0) { $text += "; $($store.store) $($store.removed)" }
                }
            }
            foreach ($problem in @($step[1].Report.problems)) { $text += "`r`n    $($problem.code): $($problem.what)" }
        }
        $lines.Add($text.Replace($work, 'WORK').Replace($env:USERPROFILE, '~'))
    }
    $lines.Add("the browser closed when it was asked by --close: $hasClosed")
} catch {
    $good = $false
    $lines.Add("stopped: $($_.Exception.Message), line $($_.InvocationInfo.ScriptLineNumber)".Replace($work, 'WORK').Replace($env:USERPROFILE, '~'))
} finally {
    $listener.Stop()
    Start-Sleep -Seconds 2
    Remove-Item -LiteralPath $work -Recurse -Force -ErrorAction SilentlyContinue
}
$lines.Add('')
$result = 'NOT as promised'
if ($good) { $result = 'all as promised' }
$lines.Add("result: $result")
$lines | Set-Content -Path $Page -Encoding UTF8
Write-Output $lines
Write-Output ''
Write-Output "This page is in $Page. Please send it: an issue, `"A fault of unstick`", or with the words `"first run`" if all was well."
if ($good) { exit 0 }
exit 1
